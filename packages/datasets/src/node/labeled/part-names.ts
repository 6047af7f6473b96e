import type { Part } from './listing.js';

/** Names of folders and of values of a split column that say what images are for; the earlier ones are preferred. */
const partNames: Readonly<Record<Part, readonly string[]>> = {
  train: ['train', 'training'],
  test: ['test', 'testing', 'val', 'valid', 'validation', 'dev', 'eval', 'evaluation'],
};

/** All of them. */
export const allPartNames: readonly string[] = Object.values(partNames).flat();

/** What may stand behind such a name, as in `training_set`. */
const suffix = /[ _-]*(set|data|images|split)$/;

/** The part that a name means, and how much it is preferred, from 0; `undefined` if it means none. */
export function partOf(name: string): { readonly part: Part; readonly rank: number } | undefined {
  const written = name.trim().toLowerCase().replace(suffix, '');
  for (const part of ['train', 'test'] as const) {
    const rank = partNames[part].indexOf(written);
    if (rank >= 0) return { part, rank };
  }
  return undefined;
}
