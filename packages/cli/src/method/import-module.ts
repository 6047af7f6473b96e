import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';
import { MethodUnusableError, wordsOf } from './method-error.js';
import type { Exports } from './method-in.js';

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** Whether a reference is a path rather than a name. */
export function isPath(reference: string): boolean {
  return /^\.{0,2}[/\\]/.test(reference) || /\.[cm]?[jt]s$/.test(reference) || /^[a-z]:\\/i.test(reference);
}

/**
 * Imports a file, from the working directory on. TypeScript is compiled on the way.
 *
 * @throws {@link MethodUnusableError} if there is no such file, or it throws while it is loaded.
 */
export async function importFile(path: string): Promise<Exports> {
  const file = resolve(path);
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) throw new MethodUnusableError(path, found ? 'That is no file.' : 'There is no such file.');
  return imported(path, pathToFileURL(file).href);
}

/**
 * Imports a package as the working directory has it installed, else as this command has.
 *
 * @returns `undefined` if it is not installed.
 * @throws {@link MethodUnusableError} if it throws while it is loaded.
 */
export async function importPackage(name: string): Promise<Exports | undefined> {
  if (!packageName.test(name)) return undefined;
  for (const from of [join(process.cwd(), 'package.json'), fileURLToPath(import.meta.url)]) {
    const url = createJiti(from, quiet).esmResolve(name, { try: true });
    if (url !== undefined && /^(file:|\/|[a-z]:)/i.test(url)) {
      return imported(name, url.startsWith('file:') ? url : pathToFileURL(url).href);
    }
  }
  return undefined;
}

/** No files are left behind. */
const quiet = { fsCache: false, moduleCache: false } as const;

async function imported(reference: string, url: string): Promise<Exports> {
  try {
    return await importUrl(url);
  } catch (error) {
    throw new MethodUnusableError(reference, `It cannot be loaded: ${wordsOf(error)}`, { cause: error });
  }
}

/** What a module exports; throws whatever the module throws. */
export async function importUrl(url: string): Promise<Exports> {
  const typed = /\.[cm]?ts$/.test(url);
  return (await (typed ? createJiti(url, quiet).import(fileURLToPath(url)) : import(url))) as Exports;
}
