import { readFile } from 'node:fs/promises';
import { ModelFileError } from './errors.js';

/** The bytes of a file of a model. */
export async function readModelFile(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ModelFileError(
      'MODEL_FILE_UNREADABLE',
      path,
      `It cannot be read (${reason}).`,
      'Check the path, and that all files of the model were copied.',
      { cause },
    );
  });
}
