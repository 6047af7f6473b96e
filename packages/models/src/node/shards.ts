import { access } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from './errors.js';
import type { ShardGroup } from './model-json.js';
import { readModelFile } from './read-file.js';

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

const widths: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

function byteLength({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  return shape.reduce((size, side) => size * side, 1) * (widths[quantization?.dtype ?? dtype] as number);
}

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
  const gzipped = file.endsWith('.gz') ? file : (await exists(file)) ? undefined : `${file}.gz`;
  if (gzipped === undefined) return readModelFile(file);
  const packed = await readModelFile((await exists(gzipped)) ? gzipped : file);
  // One byte more than there may be: enough to see that there are too many, whatever they unpack to.
  return inflate(packed, { maxOutputLength: Math.min(most + 1, longest) }).catch((cause: unknown) => {
    const tooLong = cause instanceof RangeError;
    if (tooLong) throw damaged(gzipped, undefined, most);
    const remedy = 'Copy the file again.';
    throw new ModelFileError('MODEL_WEIGHTS_DAMAGED', gzipped, 'It cannot be decompressed.', remedy, { cause });
  });
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

function damaged(file: string, actual: number | undefined, expected: number): ModelFileError {
  const found = actual === undefined ? 'more' : actual;
  return new ModelFileError(
    'MODEL_WEIGHTS_DAMAGED',
    file,
    `The weights up to here have ${found} bytes, but model.json says ${expected}.`,
    'Copy all files of the model again, from one save.',
  );
}
