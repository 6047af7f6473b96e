import { readFile, stat } from 'node:fs/promises';
import { ModelFileError } from './errors.js';

/** The bytes of a file of a model. */
export async function readModelFile(path: string): Promise<Buffer> {
  return readRegular(path).catch((cause: unknown) => {
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

/** What is no regular file may never end. */
async function readRegular(path: string): Promise<Buffer> {
  const status = await stat(path);
  if (!status.isFile())
    throw Object.assign(new Error('it is not a file'), { code: status.isDirectory() ? 'EISDIR' : 'ENOTSUP' });
  return readFile(path);
}
