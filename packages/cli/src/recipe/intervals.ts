import { checkOptions, EspalierError, type Json, type OptionRules, rules } from '@espalier/core';

/**
 * Steps between checkpoints and evaluations. They do not decide how a run turns out, so they may change when it is
 * resumed.
 */
export interface Intervals {
  readonly checkpointEvery: number;
  /** Left out: once an epoch. */
  readonly evaluateEvery?: number | undefined;
}

const intervalRules: OptionRules<Intervals> = {
  checkpointEvery: rules.integer({ from: 1 }),
  evaluateEvery: rules.optional(rules.integer({ from: 1 })),
};

/** Key of the metadata of a checkpoint. */
const KEY = 'intervals';

/** What the command line says, else what the run was started with, else a checkpoint every 100 steps. */
export function intervalsOf(
  given: { readonly [Key in keyof Intervals]?: number | undefined },
  metadata: { readonly [key: string]: Json } = {},
): Intervals {
  const stored = storedIntervals(metadata[KEY]);
  const evaluateEvery = given.evaluateEvery ?? stored?.evaluateEvery;
  return {
    checkpointEvery: given.checkpointEvery ?? stored?.checkpointEvery ?? 100,
    ...(evaluateEvery === undefined ? {} : { evaluateEvery }),
  };
}

/** Metadata with the intervals, for checkpoints to go on from. */
export function withIntervals(
  metadata: { readonly [key: string]: Json },
  { checkpointEvery, evaluateEvery }: Intervals,
): { readonly [key: string]: Json } {
  return { ...metadata, [KEY]: { checkpointEvery, ...(evaluateEvery === undefined ? {} : { evaluateEvery }) } };
}

/** What another version of the program wrote there is passed over. */
function storedIntervals(stored: Json | undefined): Intervals | undefined {
  try {
    checkOptions<Intervals>(stored, intervalRules, KEY);
    return stored;
  } catch (error) {
    if (EspalierError.isInstance(error)) return undefined;
    throw error;
  }
}
