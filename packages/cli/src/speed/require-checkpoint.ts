import { type Checkpoint, InvalidOptionError } from '@espalier/core';

/** Refuses what was never a checkpoint, such as the path of one. */
export function requireCheckpoint(checkpoint: unknown): asserts checkpoint is Checkpoint {
  const { weights, masks } = (
    typeof checkpoint === 'object' && checkpoint !== null ? checkpoint : {}
  ) as Partial<Checkpoint>;
  if (weights instanceof Map && masks instanceof Map) return;
  throw new InvalidOptionError(
    'checkpoint',
    checkpoint,
    'a checkpoint, as readCheckpoint or session.checkpoint gives it',
  );
}
