import { openRegularFile, type RegularFile } from '@espalier/core/node';
import { OnnxFileError } from '../errors.js';
import { type Stretch, storedStretch } from '../format/reading/stretch.js';

/** Most bytes of one file, which is what ONNX's own format allows; files of weights beside it may be as large. */
const longest = 2 ** 31 - 1;

/** Files of which parts are read, until they are closed. */
export class OpenFiles {
  readonly #files: RegularFile[] = [];
  #left: number;

  /** @param most - Most bytes of all files together. */
  constructor(most: number) {
    this.#left = most;
  }

  /** Opens a regular file, if it is not too long. */
  async open(path: string): Promise<Stretch> {
    const file = await openRegularFile(path);
    this.#files.push(file);
    const { size } = file;
    if (size > Math.min(this.#left, longest)) {
      const limit =
        this.#left < longest ? `, of which ${this.#left} may be read: give a memoryLimit of more bytes` : '';
      throw new OnnxFileError('ONNX_FILE_LIMIT', `${path} has ${size} bytes${limit}.`);
    }
    this.#left -= size;
    return storedStretch((position, length) => bytesAt(path, file, position, length), size);
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map(file => file.close()));
  }
}

function bytesAt(path: string, file: RegularFile, position: number, length: number): Uint8Array {
  const bytes = file.read(position, length);
  if (bytes.length === length) return bytes;
  throw new OnnxFileError('ONNX_FILE_INVALID', `${path} became shorter while it was read.`);
}
