import { readFile, stat } from 'node:fs/promises';
import { type Checkpoint, classNamesOf, requireClassNames } from '@espalier/core';
import { withFileErrors } from '@espalier/core/node';
import { UsageError } from '../errors.js';

/** The name of each output, and whose they are. */
export interface ClassNames {
  readonly names: readonly string[];
  readonly from: 'option' | 'network' | 'numbers';
}

/** What `--class-names` says; else what the network carries, if it has a name for each output; else numbers from 0. */
export async function chooseClassNames(
  file: string | undefined,
  checkpoint: Checkpoint,
  classes: number,
): Promise<ClassNames> {
  if (file !== undefined) {
    const names = await readClassNames(file);
    if (names.length === classes) return { names, from: 'option' };
    throw new UsageError(`--class-names has ${names.length} names, but the network tells ${classes} classes apart.`);
  }
  const names = classNamesOf(checkpoint.metadata);
  if (names?.length === classes) return { names, from: 'network' };
  return { names: Array.from({ length: classes }, (_, label) => String(label)), from: 'numbers' };
}

/** Most bytes of such a file: a name has at most 1024 characters, and there are at most 65,536. */
const MOST = 2 ** 26;

async function readClassNames(path: string): Promise<readonly string[]> {
  const text = await withFileErrors(path, 'read', async () => {
    const found = await stat(path);
    if (!found.isFile() || found.size > MOST)
      throw new UsageError(`--class-names: ${path} is no text of at most 64 MiB.`);
    return readFile(path, 'utf8');
  });
  const names = text
    .replace(/^\ufeff/, '')
    .replace(/(\r?\n)+$/, '')
    .split(/\r?\n/)
    .map(name => name.trim());
  try {
    requireClassNames('class-names', names);
  } catch (cause) {
    throw new UsageError(`--class-names: ${(cause as Error).message}`, { cause });
  }
  return names;
}
