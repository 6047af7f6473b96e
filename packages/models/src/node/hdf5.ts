import type * as H5 from 'h5wasm';
import { ModelFileError } from './errors.js';

export type { Dataset, Group } from 'h5wasm';

type Library = typeof H5;

let counter = 0;

/** What `read` makes of an HDF5 file, which it sees in a file system of its own: links to other files lead nowhere. */
export async function withHdf5<T>(
  file: string,
  bytes: Uint8Array,
  read: (root: H5.Group, h5: Library) => T,
): Promise<T> {
  const h5 = await library(file);
  const module = await h5.ready;
  const { FS } = module;
  const name = `/espalier-${counter++}.h5`;
  FS.writeFile(name, bytes);
  let opened: H5.File | undefined;
  module.activate_throwing_error_handler(); // as long as this reads, which is at one go
  try {
    opened = new h5.File(name, 'r');
    return read(opened, h5);
  } catch (error) {
    if (error instanceof ModelFileError) throw error;
    throw invalidKerasFile(file, 'It is not an HDF5 file, or it is damaged.', error);
  } finally {
    try {
      opened?.close();
    } finally {
      module.deactivate_throwing_error_handler();
      FS.unlink(name);
    }
  }
}

/** The error for files that are not as Keras writes them. */
export function invalidKerasFile(file: string, problem: string, cause?: unknown): ModelFileError {
  const remedy = 'Give a file that Keras saved (.h5, .weights.h5, .keras), and copy it again if it was cut off.';
  return new ModelFileError('KERAS_FILE_INVALID', file, problem, remedy, { cause });
}

async function library(file: string): Promise<Library> {
  return import('h5wasm').catch((cause: unknown) => {
    const remedy = 'Run: npm install h5wasm@0.10';
    throw new ModelFileError(
      'H5WASM_MISSING',
      file,
      'The package h5wasm, which reads HDF5, is not installed.',
      remedy,
      {
        cause,
      },
    );
  });
}
