import { type Checkpoint, CheckpointMismatchError, requireCheckpoint, type StoredWeight } from '@espalier/core';

/** Name of the snapshot that {@link acdc} takes at the end of its last dense phase. */
export const denseTwinSnapshot = 'dense-twin';

/**
 * The dense model that an AC/DC run trained along with the sparse one: the weights at the end of the last dense phase.
 *
 * It is a finished model, whose accuracy is usually close to that of dense training; the paper trains it a little
 * further (`fixed` of `@espalier/core` does so) before it reports it. Batch-norm statistics are those of that moment,
 * too.
 *
 * @param checkpoint - Any checkpoint of the run from the beginning of its last sparse phase on, with snapshots. Not
 *   modified; the result shares its arrays.
 * @returns A checkpoint of the same network for `toModel`, `loadWeights` or `denseSafetensors`: weights and clock are
 *   the snapshot's, all masks are ones, and there is neither optimizer nor snapshot, so it cannot be resumed.
 * @throws {@link @espalier/core!CheckpointMismatchError} if the checkpoint holds no dense twin, or one that lacks a
 *   weight.
 *
 * @example Both models of one run.
 * ```ts
 * import type { Checkpoint } from '@espalier/core';
 * import { toModel } from '@espalier/core/tfjs';
 * import { denseTwin } from '@espalier/prune-acdc';
 * import type { LayersModel } from '@tensorflow/tfjs-layers';
 *
 * export async function twins(checkpoint: Checkpoint): Promise<[sparse: LayersModel, dense: LayersModel]> {
 *   return [await toModel(checkpoint), await toModel(denseTwin(checkpoint))];
 * }
 * ```
 */
export function denseTwin(checkpoint: Checkpoint): Checkpoint {
  requireCheckpoint(checkpoint, ['weights', 'masks', 'snapshots']);
  const snapshot = checkpoint.snapshots.get(denseTwinSnapshot);
  if (!snapshot) {
    throw new CheckpointMismatchError(
      `It holds no dense twin (${checkpoint.method.name}, position ${checkpoint.clock.position}). AC/DC takes it at the end ` +
        'of its last dense phase; save a checkpoint after that, and do not leave out or strip its snapshots.',
    );
  }
  const weights = [...checkpoint.weights].map(([name, { trainable }]): [string, StoredWeight] => {
    const stored = snapshot.weights.get(name);
    if (!stored) throw new CheckpointMismatchError(`Its dense twin lacks the weight "${name}".`);
    return [name, { ...stored, trainable }];
  });
  const { position } = snapshot;
  return {
    ...checkpoint,
    clock: { ...checkpoint.clock, step: position, position },
    state: 'dense',
    phase: 'dense',
    masks: new Map([...checkpoint.masks].map(([name, { length }]) => [name, new Uint8Array(length).fill(1)])),
    weights: new Map(weights),
    slots: [],
    optimizer: null,
    snapshots: new Map(),
  };
}
