import { distributionFromData, type Json } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { checkedRecipe } from '../recipe-file/checked-recipe.js';
import { parseYaml } from '../recipe-file/parse-yaml.js';
import { translated } from './translate.js';

const source = (yaml: string) => ({ file: 'r.yaml', directory: '', ...parseYaml('r.yaml', yaml) });
const pruning = (fields: string): string =>
  `!GMPruningModifier { start_epoch: 1, end_epoch: 40, update_frequency: 0.5, ${fields} }`;
const recipe = (...modifiers: string[]): string =>
  [
    'modifiers:',
    ...['!EpochRangeModifier { start_epoch: 0, end_epoch: 70 }', ...modifiers].map(one => `  - ${one}`),
    '',
  ].join('\n');
const early = pruning("init_sparsity: 0.05, final_sparsity: 0.7, params: ['conv1/kernel', 're:conv2.*kernel']");
const late = pruning("init_sparsity: 0.1, final_sparsity: 0.9, params: ['re:conv3']");

describe('several pruning modifiers of different weights', () => {
  it('are one method: weights follow that of the longest way by their share of it', () => {
    const value = translated(source(recipe(early, late))).value as { readonly [key: string]: Json };
    expect(value.include).toEqual(['/^(?:(?:conv3))/', '/^(?:conv1\\/kernel$|(?:conv2.*kernel))/'].reverse());
    expect(value.except).toEqual(['/^(?!(?:conv1\\/kernel$|(?:conv2.*kernel)|(?:conv3)))/']);
    const { name, options } = value.method as unknown as { name: string; options: { [option: string]: Json } };
    expect([name, options.sparsity, options.initialSparsity]).toEqual(['magnitude', 0.9, 0.1]);
    const layers = ['conv1/kernel', 'conv2_a/kernel', 'conv3/kernel'].map(layer => ({
      name: layer,
      shape: [1000],
      size: 1000,
      scores: new Float32Array(1000),
    }));
    const kept = (overall: number) => [...distributionFromData(options.distribution as Json)(layers, overall).values()];
    // at 0.1 + 0.8 f the others are at 0.05 + 0.65 f, for f of 0, a half, and 1
    expect(kept(0.1)).toEqual([950, 950, 900]);
    expect(kept(0.5)).toEqual([625, 625, 500]);
    expect(kept(0.9)).toEqual([300, 300, 100]);
    expect(checkedRecipe(source(recipe(late, early))).method).toBe('magnitude');
  });

  it.each<[string, string[], string]>([
    ['other epochs', [early, late.replace('40', '30')], 'differs from GMPruningModifier in more than its sparsities'],
    [
      'a global ranking',
      [early, late].map(one => one.replace(' }', ', global_sparsity: True }')),
      'ranks all weights together',
    ],
    ['all weights', [early, late.replace("['re:conv3']", '__ALL__')], 'one of them has all weights'],
    ['the same weights', [early, late.replace('re:conv3', 're:conv2.*kernel')], 'another has some of the same params'],
    ['constant masks', [late, '!ConstantPruningModifier { params: __ALL__ }'], 'this is no gradual one'],
  ])('with %s are refused', (_, modifiers, reason) => {
    expect(() => checkedRecipe(source(recipe(...modifiers)))).toThrow(reason);
  });
});

describe('a stage', () => {
  const staged = (yaml: string, more = '') =>
    `epochs_of_all: 70\nsparsification_stage:\n  ${yaml.trimEnd().replaceAll('\n', '\n  ')}\n${more}`;

  it('that is the only one is the run, with variables in it and at the top', () => {
    const inside = recipe(early)
      .replace('70', 'eval(epochs_of_all + more)')
      .replace('modifiers:', 'more: 1\nmodifiers:');
    expect(translated(source(staged(inside))).value).toEqual(
      translated(source(recipe(early).replace('70', '71'))).value,
    );
  });

  it('names its own lines in errors', () => {
    const wrong = staged(recipe(early.replace('0.7', '7')));
    expect(() => checkedRecipe(source(wrong))).toThrow(/r\.yaml:5:\d+: sparsification_stage\.modifiers/);
  });

  it('beside another is refused', () => {
    expect(() => checkedRecipe(source(staged(recipe(early), 'other_stage:\n  modifiers: []\n')))).toThrow(
      'a stage of its own',
    );
  });
});
