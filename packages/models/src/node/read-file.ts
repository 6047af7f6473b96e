import { readFile, stat } from 'node:fs/promises';
import { systemCodeOf } from '@espalier/core/node';
import { ModelFileError } from './errors.js';

/** The bytes of a file of a model. */
export async function readModelFile(path: string): Promise<Buffer> {
  return readRegular(path).catch((cause: unknown) => {
    const [problem, remedy] = explained(systemCodeOf(cause) ?? String(cause));
    throw new ModelFileError('MODEL_FILE_UNREADABLE', path, problem, remedy, { cause });
  });
}

/** What is no regular file may never end. */
async function readRegular(path: string): Promise<Buffer> {
  const status = await stat(path);
  if (!status.isFile())
    throw Object.assign(new Error('it is not a file'), { code: status.isDirectory() ? 'EISDIR' : 'ENOTSUP' });
  return readFile(path);
}

/** What is wrong and what to do, by the code of the system. */
function explained(code: string): readonly [problem: string, remedy: string] {
  if (code === 'EISDIR') return ['It is a directory (EISDIR).', 'Give the file in it, such as model.json.'];
  if (code === 'ENOTSUP') return ['It is a pipe or a device (ENOTSUP).', 'Give a regular file.'];
  return [`It cannot be read (${code}).`, 'Check the path, and that all files of the model were copied.'];
}
