import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ModelFileError } from '../errors.js';
import { readModelFile } from '../read-file.js';
import { byteLength, type ShardGroup } from './model-json.js';

const inflate = promisify(gunzip);

/** The bytes of a group's weights, exactly as many as they have. */
export async function readShards(folder: string, { paths, weights }: ShardGroup): Promise<ArrayBuffer> {
  const expected = weights.reduce((sum, entry) => sum + byteLength(entry), 0);
  const shards: Uint8Array[] = [];
  let total = 0;
  let last = folder;
  for (const path of paths) {
    last = inside(folder, path);
    const shard = await readShard(last, expected - total);
    total += shard.length;
    if (total > expected) throw damaged(last, total, expected);
    shards.push(shard);
  }
  if (total < expected) throw damaged(last, total, expected);
  const bytes = new Uint8Array(total);
  let offset = 0;
  for (const shard of shards) {
    bytes.set(shard, offset);
    offset += shard.length;
  }
  return bytes.buffer;
}

/** The most bytes that are decompressed from one file. */
const longest = 2 ** 32;

/** Where a path of the manifest leads, which must be in the model's folder. */
function inside(folder: string, path: string): string {
  const file = resolve(folder, path);
  const way = relative(resolve(folder), file);
  const leaves = way === '' || way === '..' || way.startsWith(`..${sep}`);
  if (!leaves && !isAbsolute(way) && !isAbsolute(path) && !/[\0\\:]/.test(path)) return file;
  throw new ModelFileError(
    'MODEL_PATH_OUTSIDE',
    join(folder, 'model.json'),
    `Its weights are said to be in ${JSON.stringify(path)}, which is not a path within its folder.`,
    'Put the weights beside model.json, and load no models that you do not trust.',
  );
}

async function readShard(file: string, most: number): Promise<Uint8Array> {
  const found = await locate(file);
  const packed = await readModelFile(found);
  if (!found.endsWith('.gz')) return packed;
  // One byte more than there may be: enough to see that there are too many, whatever they unpack to.
  return inflate(packed, { maxOutputLength: Math.min(most + 1, longest) }).catch((cause: unknown) => {
    const tooLong = cause instanceof RangeError;
    if (tooLong) throw damaged(found, undefined, most);
    const remedy = 'Copy the file again.';
    throw new ModelFileError('MODEL_WEIGHTS_DAMAGED', found, 'It cannot be decompressed.', remedy, { cause });
  });
}

/** The file itself, or the compressed one of its name. */
async function locate(file: string): Promise<string> {
  const size = (path: string): Promise<number> =>
    stat(path).then(
      found => found.size,
      () => -1,
    );
  return file.endsWith('.gz') || (await size(file)) >= 0 || (await size(`${file}.gz`)) < 0 ? file : `${file}.gz`;
}

/**
 * The most that gzip makes of a byte, and how far off an entry of `model.json` may be that is better refused by name.
 */
const [mostUnpacked, slack] = [1032, 2 ** 20];

/** What a group's weights take in memory and its files on disk, in bytes. */
export interface GroupSize {
  readonly unpacked: number;
  readonly stored: number;
}

/** Refuses a group that asks for far more values than its files can have, before a model of that size is built. */
export async function sizeOfGroup(folder: string, { paths, weights }: ShardGroup): Promise<GroupSize> {
  const expected = weights.reduce((sum, entry) => sum + byteLength(entry), 0);
  let [most, stored, last] = [slack, 0, folder];
  for (const path of paths) {
    last = await locate(inside(folder, path));
    const { size } = await stat(last).catch(() => readModelFile(last).then(({ length }) => ({ size: length })));
    stored += size;
    most += size * (last.endsWith('.gz') ? mostUnpacked : 2);
  }
  if (expected > most) throw damaged(last, undefined, expected, 'far fewer');
  return { unpacked: expected, stored };
}

function damaged(file: string, actual: number | undefined, expected: number, words = 'more'): ModelFileError {
  const found = actual === undefined ? words : actual;
  return new ModelFileError(
    'MODEL_WEIGHTS_DAMAGED',
    file,
    `The weights up to here have ${found} bytes, but model.json says ${expected}.`,
    'Copy all files of the model again, from one save.',
  );
}
