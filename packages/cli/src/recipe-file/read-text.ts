import { openRegularFile } from '@espalier/core/node';
import { RecipeError } from './recipe-error.js';

/** Largest file of a recipe in bytes. */
const LARGEST = 2 ** 20;

/**
 * The text of a recipe's file, without a byte order mark.
 *
 * @throws {@link RecipeError} if it is larger than 1 MiB, or no text in UTF-8.
 * @throws {@link FileAccessError} if it is not there, no regular file, or cannot be read.
 */
export async function readText(path: string): Promise<string> {
  const refuse = (message: string): never => {
    throw new RecipeError(path, [{ path: '', message }]);
  };
  const bytes = await readUpTo(path, LARGEST + 1);
  if (bytes.length > LARGEST) return refuse('The file is larger than 1 MiB, which no recipe is. Name another file.');
  const binary = 'The file is no text in UTF-8. A recipe is YAML, JSON, Markdown or a module.';
  if (bytes.includes(0)) return refuse(binary);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return refuse(binary);
  }
}

/** The file from its beginning, as far as `most` bytes. */
async function readUpTo(path: string, most: number): Promise<Uint8Array> {
  const file = await openRegularFile(path);
  try {
    return file.read(0, Math.min(most, file.size));
  } finally {
    await file.close();
  }
}
