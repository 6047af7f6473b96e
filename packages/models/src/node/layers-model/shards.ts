import { stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type ByteSource, sourceOf, withModelFile } from '../byte-source.js';
import { ModelFileError } from '../errors.js';
import { readModelFile } from '../read-file.js';
import { byteLength, type ShardGroup } from './model-json.js';

type Entry = ShardGroup['weights'][number];

const inflate = promisify(gunzip);

/**
 * Reads a group's weights one after the other: `use` gets each with the bytes that it has, which may lie in several
 * files. Of files that are not compressed no more is in memory than one weight.
 */
export async function readShards(
  folder: string,
  { paths, weights }: ShardGroup,
  use: (entry: Entry, bytes: ArrayBuffer) => void,
): Promise<void> {
  const expected = weights.reduce((sum, entry) => sum + byteLength(entry), 0);
  const rest = [...weights];
  let [total, last] = [0, folder];
  let bytes: Uint8Array = new Uint8Array(byteLengthOf(rest[0]));
  let filled = 0;
  const fill = async (source: ByteSource, position: number): Promise<number> => {
    const part = await source.read(position, bytes.length - filled);
    if (part.length === 0) throw damaged(last, total, expected); // the file became shorter
    if (part.length === bytes.length) bytes = part;
    else bytes.set(part, filled);
    filled += part.length;
    return part.length;
  };
  const handOver = (): void => {
    for (let entry = rest[0]; entry && filled === bytes.length; entry = rest[0]) {
      use(entry, wholeBuffer(bytes));
      rest.shift();
      [bytes, filled] = [new Uint8Array(byteLengthOf(rest[0])), 0];
    }
  };
  handOver(); // weights without values
  for (const path of paths) {
    last = inside(folder, path);
    await withShard(last, expected - total, async source => {
      total += source.length;
      if (total > expected) throw damaged(last, total, expected);
      for (let position = 0; position < source.length; handOver()) position += await fill(source, position);
    });
  }
  if (total < expected) throw damaged(last, total, expected);
}

const byteLengthOf = (entry: Entry | undefined): number => (entry ? byteLength(entry) : 0);

/** Bytes in a buffer of their own. */
const wholeBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): ArrayBuffer =>
  byteOffset === 0 && byteLength === buffer.byteLength
    ? (buffer as ArrayBuffer)
    : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);

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

async function withShard(file: string, most: number, use: (source: ByteSource) => Promise<void>): Promise<void> {
  const found = await locate(file);
  if (!found.endsWith('.gz')) return withModelFile(found, use);
  // One byte more than there may be: enough to see that there are too many, whatever they unpack to.
  const limits = { maxOutputLength: Math.min(most + 1, longest) };
  const unpacked = await inflate(await readModelFile(found), limits).catch((cause: unknown) => {
    const tooLong = cause instanceof RangeError;
    if (tooLong) throw damaged(found, undefined, most);
    const remedy = 'Copy the file again.';
    throw new ModelFileError('MODEL_WEIGHTS_DAMAGED', found, 'It cannot be decompressed.', remedy, { cause });
  });
  return use(sourceOf(unpacked));
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
