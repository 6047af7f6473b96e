import { type Checkpoint, checkOptions, fixed, type Json, rules } from '@espalier/core';
import { PruningSession } from '@espalier/core/tfjs';
import { train } from '@tensorflow/tfjs-core';
import { carriedMasks } from './masks-of.js';
import { requireSource } from './require-source.js';
import { readUpstream } from './upstream.js';
import { withNewHead } from './with-new-head.js';

/** Options of {@link withClasses}. */
export interface WithClassesOptions {
  /** Number of classes, at least 2. */
  readonly classes: number;
  /**
   * Root of the first weights of the classifier.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
  /** Layer whose output the classifier works on, where that cannot be told. */
  readonly featureLayer?: string | undefined;
  /**
   * Whether the network has a classifier: `'find'` takes the last dense layer, or a convolution that gives a value for
   * each class, and takes a network that ends in a map, or in what is pooled or flattened of one, to have none.
   * `'none'` says that it has none, as where a dense layer at the end gives an embedding: its output is the features.
   *
   * @defaultValue 'find'
   */
  readonly head?: 'find' | 'none' | undefined;
}

/** What the metadata says of the classes and of the training that is over. */
const forgotten: ReadonlySet<string> = new Set(['classNames', 'recipe']);

/**
 * A network with a new classifier in the place of its own: a dense layer `transfer_head` of so many classes, with
 * PyTorch's initial weights, on the features that {@link linearProbe} would work on: what its classifier works on, or,
 * if it has none, its output, a map averaged over all places. It gives logits. Everything before
 * it keeps its weights, its masks and its names; all layers are trained.
 *
 * @param checkpoint - Not modified.
 * @param options - Number of classes, seed, layer of the features.
 * @returns A checkpoint without an optimizer; names of classes and recipe are left out of its metadata.
 * @throws {@link NoClassifierError} if nobody can tell where the classifier is.
 * @throws {@link InvalidOptionError} if an option is out of range, {@link UnknownOptionError} if there is none of its
 *   name.
 *
 * @example
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { withClasses } from '@espalier/transfer';
 *
 * export const forPets = (checkpoint: Checkpoint): Promise<Checkpoint> => withClasses(checkpoint, { classes: 37 });
 * ```
 */
export async function withClasses(checkpoint: Checkpoint, options: WithClassesOptions): Promise<Checkpoint> {
  requireSource(checkpoint, false);
  checkOptions<WithClassesOptions>(options, {
    classes: rules.integer({ from: 2 }),
    seed: rules.optional(rules.integer({ from: 0, to: 2 ** 31 - 1 })),
    featureLayer: rules.optional(rules.text),
    head: rules.optional(rules.oneOf('find', 'none')),
  });
  const { classes, seed = 0, ...place } = options;
  const upstream = await readUpstream(checkpoint);
  const { model, weights, masks } = await withNewHead(upstream, classes, seed, place, carriedMasks);
  const optimizer = train.sgd(0);
  try {
    const session = await PruningSession.start(fixed(), { weights, masks, optimizer, onWarning: () => {} });
    const metadata = Object.fromEntries(
      Object.entries(checkpoint.metadata ?? {}).filter(([key]) => !forgotten.has(key)),
    ) as { readonly [key: string]: Json };
    try {
      return await session.checkpoint({ model, metadata, slots: false, snapshots: false });
    } finally {
      session.dispose();
    }
  } finally {
    optimizer.dispose();
    model.dispose();
  }
}
