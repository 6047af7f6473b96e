import { type Checkpoint, CheckpointMismatchError, countOnes, type StoredWeight } from '@espalier/core';
import { requireRule } from './options.js';
import type { PartitionRule } from './partition-rule.js';
import { weightOwners } from './weight-owners.js';

/**
 * The model that a round of {@link parallelGap} gives: every partition from the copy where it was dense. The result is
 * dense; {@link pruneCheckpoint} makes it sparse again.
 *
 * Weights, biases, normalization parameters and statistics of partition j are those of copy j, bit for bit, never an
 * average. A weight without a mask belongs to the partition of the kernel in its own layer; else to the one that the
 * rule gives its name ({@link byName}, {@link byBlock}); else to that of the weight before it, in the model's order.
 * Weights in front of all prunable ones, e.g. embeddings, come with the first of these.
 *
 * The result holds no optimizer, slots or snapshots, since each round starts with a fresh optimizer; what describes the
 * run (clock, seed, model, metadata) is that of copy 0. After pruning, recalibrate the statistics of batch
 * normalization: each was measured among the weights of its own copy.
 *
 * Source: Ma et al. 2022, {@link https://arxiv.org/abs/2106.09857}, algorithm 2, and the authors' code for
 * Transformers, whose shared embedding comes from the first copy. They do not publish a rule for convolutional
 * networks; batch normalization traveling with its partition is ours.
 *
 * @param copies - Checkpoints of one model, copy j with partition j dense, as many as there are partitions. Not
 *   modified; the result shares their arrays.
 * @param partitions - The rule, or the number of contiguous partitions, with which the copies were trained.
 * @returns A checkpoint whose masks are all ones.
 * @throws {@link PartitionError} if the partitions do not fit the model.
 * @throws {@link @espalier/core!CheckpointMismatchError} if there are more or fewer copies than partitions, their
 *   weights differ in name or shape, or partition j is not dense in copy j.
 *
 * @example
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { combine, pruneCheckpoint } from '@espalier/prune-gap';
 *
 * export const nextRound = (copies: readonly Checkpoint[]): Checkpoint =>
 *   pruneCheckpoint(combine(copies, 3), { sparsity: 0.9 });
 * ```
 */
export function combine(copies: readonly Checkpoint[], partitions: number | PartitionRule): Checkpoint {
  const rule = requireRule(partitions);
  const first = copies[0];
  if (!first) throw new CheckpointMismatchError('There are no copies to combine.');
  const owners = weightOwners(first, rule);
  const count = Math.max(...owners.values()) + 1;
  if (copies.length !== count) {
    throw new CheckpointMismatchError(`${rule.name} makes ${count} partitions, but there are ${copies.length} copies.`);
  }
  copies.forEach((copy, index) => {
    requireSameModel(first, copy, index);
    requireDense(copy, index, owners);
  });
  const weights = new Map<string, StoredWeight>();
  for (const [name, weight] of first.weights) {
    weights.set(name, copies[owners.get(name) ?? 0]?.weights.get(name) ?? weight);
  }
  const { method, format, clock, seed, model, metadata } = first;
  return {
    format,
    clock,
    seed,
    model,
    metadata,
    weights,
    method: {
      name: 'parallel-gap',
      citation: method.citation,
      options: { combined: copies.map(c => c.method.options) },
    },
    state: null,
    phase: 'combined',
    learningRate: null,
    masks: new Map([...first.masks].map(([name, mask]) => [name, new Uint8Array(mask.length).fill(1)])),
    slots: [],
    optimizer: null,
    snapshots: new Map(),
  };
}

function requireSameModel(first: Checkpoint, copy: Checkpoint, index: number): void {
  const fail = (reason: string): never => {
    throw new CheckpointMismatchError(`Copy ${index} is not one of the same model as copy 0: ${reason}`);
  };
  for (const [name, { shape }] of first.weights) {
    const other = copy.weights.get(name);
    if (!other) fail(`it has no weight "${name}".`);
    else if (other.shape.join() !== shape.join()) fail(`"${name}" has shape [${other.shape}], not [${shape}].`);
    if (copy.masks.has(name) !== first.masks.has(name)) fail(`"${name}" is prunable in only one of them.`);
  }
  for (const name of copy.weights.keys()) if (!first.weights.has(name)) fail(`"${name}" is in it alone.`);
}

function requireDense(copy: Checkpoint, index: number, owners: ReadonlyMap<string, number>): void {
  for (const [name, mask] of copy.masks) {
    if (owners.get(name) !== index || countOnes(mask) === mask.length) continue;
    throw new CheckpointMismatchError(
      `Partition ${index} must be dense in copy ${index}, but "${name}" is masked there. Give the copies in the order of ` +
        'their partitions, and the rule they were trained with.',
    );
  }
}
