import type { FileHandle } from 'node:fs/promises';
import { FileAccessError, openRegularFile, readFileAt, withFileErrors } from '@espalier/core/node';
import { OnnxFileError } from '../errors.js';
import { type Stretch, storedStretch } from '../format/reading/stretch.js';

/** Most bytes of one file, which is what ONNX's own format allows; files of weights beside it may be as large. */
const longest = 2 ** 31 - 1;

/** Files of which parts are read, until they are closed. */
export class OpenFiles {
  readonly #handles: FileHandle[] = [];
  #left: number;

  /** @param most - Most bytes of all files together. */
  constructor(most: number) {
    this.#left = most;
  }

  /** Opens a regular file, if it is not too long. */
  async open(path: string): Promise<Stretch> {
    return withFileErrors(path, 'read', async () => {
      const handle = await openRegularFile(path);
      this.#handles.push(handle);
      const found = await handle.stat();
      if (found.size > Math.min(this.#left, longest)) {
        const limit =
          this.#left < longest ? `, of which ${this.#left} may be read: give a memoryLimit of more bytes` : '';
        throw new OnnxFileError('ONNX_FILE_LIMIT', `${path} has ${found.size} bytes${limit}.`);
      }
      this.#left -= found.size;
      return storedStretch((position, length) => bytesAt(path, handle.fd, position, length), found.size);
    });
  }

  async close(): Promise<void> {
    await Promise.all(this.#handles.map(handle => handle.close()));
  }
}

function bytesAt(path: string, descriptor: number, position: number, length: number): Uint8Array {
  try {
    const bytes = readFileAt(descriptor, position, length);
    if (bytes.length === length) return bytes;
  } catch (cause) {
    throw new FileAccessError(path, 'read', cause);
  }
  throw new OnnxFileError('ONNX_FILE_INVALID', `${path} became shorter while it was read.`);
}
