import { type FileHandle, open, stat } from 'node:fs/promises';
import { systemCodeOf } from '@espalier/core/node';
import { ModelFileError } from './errors.js';

/** Bytes of which any part can be had, without that all of them are in memory. */
export interface ByteSource {
  readonly length: number;
  /** Bytes from a position on; fewer than asked for at the end. */
  read(position: number, length: number): Promise<Buffer>;
}

/**
 * Opens a file of a model, for as long as it is used. What is no regular file may never end, and is refused before it
 * is opened.
 */
export async function withModelFile<Result>(
  path: string,
  use: (source: ByteSource) => Promise<Result>,
): Promise<Result> {
  const file = await unlessUnreadable(path, () => openRegular(path));
  try {
    const { size } = await unlessUnreadable(path, () => file.stat());
    return await use({
      length: size,
      read: (position, length) =>
        unlessUnreadable(path, () => readAt(file, position, Math.min(length, size - position))),
    });
  } finally {
    await file.close();
  }
}

/** Bytes that are in memory. */
export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: async (position, length) =>
    Buffer.from(bytes.buffer, bytes.byteOffset + position, Math.min(length, bytes.length - position)),
});

async function openRegular(path: string): Promise<FileHandle> {
  const status = await stat(path);
  if (status.isFile()) return open(path);
  throw Object.assign(new Error('it is not a file'), { code: status.isDirectory() ? 'EISDIR' : 'ENOTSUP' });
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(length, 0));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position + done);
    if (bytesRead === 0) break; // it has become shorter
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function unlessUnreadable<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const [problem, remedy] = explained(systemCodeOf(cause) ?? String(cause));
    throw new ModelFileError('MODEL_FILE_UNREADABLE', path, problem, remedy, { cause });
  }
}

/** What is wrong and what to do, by the code of the system. */
function explained(code: string): readonly [problem: string, remedy: string] {
  if (code === 'EISDIR') return ['It is a directory (EISDIR).', 'Give the file in it, such as model.json.'];
  if (code === 'ENOTSUP') return ['It is a pipe or a device (ENOTSUP).', 'Give a regular file.'];
  return [`It cannot be read (${code}).`, 'Check the path, and that all files of the model were copied.'];
}
