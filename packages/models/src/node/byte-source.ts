import { openRegularFile, systemCodeOf } from '@espalier/core/node';
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
  const file = await unlessUnreadable(path, () => openRegularFile(path));
  try {
    const { size } = file;
    return await use({
      length: size,
      read: (position, length) =>
        unlessUnreadable(path, async () => {
          const bytes = file.read(position, Math.max(0, Math.min(length, size - position)));
          return Buffer.from(bytes.buffer, 0, bytes.length);
        }),
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
  if (code === 'ERR_NOT_REGULAR_FILE') return ['It is a pipe or a device.', 'Give a regular file.'];
  return [`It cannot be read (${code}).`, 'Check the path, and that all files of the model were copied.'];
}
