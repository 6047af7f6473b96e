import { InvalidOptionError } from '../errors/option-errors.js';

/** Refuses what is no checkpoint at all; whether one agrees with itself is seen when it is encoded. */
export function requireCheckpoint(value: unknown): void {
  const { weights, masks } = (value ?? {}) as { readonly weights?: unknown; readonly masks?: unknown };
  if (weights instanceof Map && masks instanceof Map) return;
  throw new InvalidOptionError(
    'checkpoint',
    value,
    'a checkpoint, as decodeCheckpoint or PruningSession.checkpoint gives it',
  );
}
