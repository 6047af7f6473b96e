import { CorruptCheckpointError } from '../errors/checkpoint-errors.js';

/** Throws the one error that reading and writing checkpoints know. */
export function fail(reason: string, cause?: unknown): never {
  throw new CorruptCheckpointError(reason, cause === undefined ? undefined : { cause });
}

/** Refuses a file that is over a limit and may be sound. */
export function failOver(limit: string, reason: string): never {
  throw new CorruptCheckpointError(reason, { limit });
}

const longestName = 80;

/** A name or text from a file as it appears in messages: quoted, escaped and never long. */
export function quote(text: string): string {
  return JSON.stringify(text.length <= longestName ? text : `${text.slice(0, longestName)}…`);
}

/** Any value from a file as it appears in messages. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
