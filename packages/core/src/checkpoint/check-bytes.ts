import { InvalidOptionError } from '../errors/option-errors.js';

/** Refuses what is no view of bytes; one that another frame or worker made will do. */
export function requireBytes(option: string, value: unknown): void {
  if (!ArrayBuffer.isView(value)) throw new InvalidOptionError(option, value, 'a Uint8Array with the bytes of a file');
}
