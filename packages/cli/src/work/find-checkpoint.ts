import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FileAccessError } from '@espalier/core/node';
import { NoCheckpointError, UsageError } from '../errors.js';

/** File of a finished network in the directory of a run. */
export const modelFile = 'model.safetensors';

/**
 * The checkpoint file that a path means: the file itself, or that of a directory. Of a run this is the finished
 * network, of one that was stopped its last checkpoint, of any other directory its `model.json` or the only
 * `*.safetensors` in it.
 *
 * @param path - As somebody wrote it.
 * @param say - Is told which file of a directory was taken.
 * @throws {@link NoCheckpointError} if there is none in the directory, or nobody can tell which one is meant; says what
 *   is there.
 * @throws {@link FileAccessError} if there is no such path, or it cannot be read.
 */
export async function findCheckpoint(path: string, say: (line: string) => void): Promise<string> {
  if (path === '') throw new UsageError('Name a checkpoint: its file, or the directory of a run.');
  if (!(await isDirectory(path))) return path;
  const file = await fileIn(path);
  say(`Taking ${file}.`);
  return file;
}

async function fileIn(directory: string): Promise<string> {
  const names = await list(directory);
  if (names.includes(modelFile)) return join(directory, modelFile);
  const kept = names.includes('checkpoints') ? await list(join(directory, 'checkpoints')).catch(() => []) : [];
  const last = latest(kept);
  if (last !== undefined) return join(directory, 'checkpoints', last);
  const own = latest(names);
  if (own !== undefined) return join(directory, own);
  if (names.includes('model.json')) return join(directory, 'model.json');
  const files = names.filter(name => name.endsWith('.safetensors'));
  const [only] = files;
  if (only !== undefined && files.length === 1) return join(directory, only);
  throw new NoCheckpointError(directory, files, await runsIn(directory, names), names);
}

/** The last of a run's numbered checkpoints; their names sort like their steps. */
function latest(names: readonly string[]): string | undefined {
  return names
    .filter(name => /^checkpoint-\d{10,16}\.safetensors$/.test(name))
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .at(-1);
}

/** Directories one level below that hold a finished network. */
async function runsIn(directory: string, names: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of names.slice(0, 100)) {
    const inner = join(directory, name);
    const isRun = await stat(join(inner, modelFile)).then(
      status => status.isFile(),
      () => false,
    );
    if (isRun) found.push(inner);
  }
  return found;
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw new FileAccessError(path, 'read', error);
  }
}

async function list(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    throw new FileAccessError(directory, 'list', error);
  }
}
