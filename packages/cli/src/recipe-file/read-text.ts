import { open, stat } from 'node:fs/promises';
import { FileAccessError } from '@espalier/core/node';
import { RecipeError } from './recipe-error.js';

/** Largest file of a recipe in bytes. */
const LARGEST = 2 ** 20;

/**
 * The text of a recipe's file, without a byte order mark.
 *
 * @throws {@link RecipeError} if it is no regular file, larger than 1 MiB, or no text in UTF-8.
 * @throws {@link FileAccessError} if it is not there or cannot be read.
 */
export async function readText(path: string): Promise<string> {
  const refuse = (message: string): never => {
    throw new RecipeError(path, [{ path: '', message }]);
  };
  const bytes = await readUpTo(path, LARGEST + 1, refuse);
  if (bytes.length > LARGEST) return refuse('The file is larger than 1 MiB, which no recipe is. Name another file.');
  const binary = 'The file is no text in UTF-8. A recipe is YAML, JSON, Markdown or a module.';
  if (bytes.includes(0)) return refuse(binary);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(binary);
  }
}

async function readUpTo(path: string, most: number, refuse: (message: string) => never): Promise<Buffer> {
  try {
    // Opening a pipe without a writer would wait for one.
    const found = await stat(path);
    if (!found.isFile())
      refuse(`That is ${found.isDirectory() ? 'a directory' : 'no regular file'}. Name the file of a recipe.`);
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(Math.min(most, found.size + 1));
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof RecipeError) throw error;
    throw new FileAccessError(path, 'read', error);
  }
}
