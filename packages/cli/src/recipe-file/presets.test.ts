import { describe, expect, it } from 'vitest';
import type { ParsedOptions } from '../options/read.js';
import { followable, methodFor } from '../recipe/followable.js';
import { requestedOptions } from '../recipe/requested-options.js';
import { presetByName, presetNames } from './presets.js';
import { withRecipe } from './with-recipe.js';

/** Steps of an epoch of the dataset that a preset is for. */
const imagesOf = (name: string): number =>
  name.endsWith('resnet50') ? 1_281_167 : name.endsWith('cifar10') ? 50_000 : 8500;

describe.each(presetNames())('%s', name => {
  it('says what it does and where its settings come from', async () => {
    const { summary, source, text } = await presetByName(name);
    expect(text.split('\n')[0]).toMatch(/^# yaml-language-server: \$schema=https:.*recipe\.schema\.json$/);
    expect(summary).toMatch(/^[A-Z].{20,}/);
    expect(source).toMatch(/\d{4}, arXiv:\d{4}\.\d{5}/);
    expect(name.endsWith('-laptop') === source.endsWith('length and rates are ours')).toBe(true);
  });

  it('is completed into a recipe that can be followed', async () => {
    const given = { _: [], recipe: `preset:${name}` } as unknown as ParsedOptions;
    const asked = await withRecipe(given, () => {});
    const requested = { ...requestedOptions(asked.given), recipeOptions: asked.recipeOptions };
    const method = await methodFor(asked, requested);
    const recipe = followable(requested, method, batchSize => Math.floor(imagesOf(name) / batchSize));
    const { options, steps } = recipe as { options: { cadence?: { end?: number } }; steps: number };
    expect(steps).toBeGreaterThan(300);
    expect(options.cadence?.end ?? 0).toBeLessThan(steps);
    if (name !== 'str-resnet50') expect(options).toMatchObject({ sparsity: 0.9 });
  });
});
