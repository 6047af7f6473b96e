import { nearestName } from '@espalier/core';
import { UsageError } from '../errors.js';
import { type ParsedOptions, text } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { presetByName, presetNames } from '../recipe-file/presets.js';

/** Runs `recipes`: all presets with their sources, or the text of one, to copy. */
export async function runRecipes(given: ParsedOptions): Promise<Outcome> {
  const name = text(given, 'preset')?.replace(/^preset:/, '');
  if (name === undefined) {
    const presets = await Promise.all(presetNames().map(presetByName));
    const widest = Math.max(...presets.map(each => each.name.length));
    const lines = presets.flatMap(each => [
      `${each.name.padEnd(widest)}  ${each.summary}`,
      `${' '.repeat(widest)}  ${each.source}`,
    ]);
    const more = 'The text of one: espalier recipes NAME. To follow one: espalier prune --recipe preset:NAME';
    const json = presets.map(({ text: _, ...about }) => about);
    return { json: { command: 'recipes', presets: json }, lines: [...lines, more], exitCode: 0 };
  }
  if (!presetNames().includes(name)) {
    const meant = nearestName(name, presetNames());
    const remedy = meant === undefined ? `Known: ${presetNames().join(', ')}.` : `Did you mean ${meant}?`;
    throw new UsageError(`There is no preset "${name}". ${remedy}`);
  }
  const preset = await presetByName(name);
  return { json: { command: 'recipes', preset }, lines: preset.text.trimEnd().split('\n'), exitCode: 0 };
}
