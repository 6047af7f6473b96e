import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FileAccessError, systemCodeOf } from '@espalier/core/node';
import * as tf from '@tensorflow/tfjs-core';
import { ModelFileError } from './model-file-error.js';
import { byteLength, isRecord, malformed, readManifest, type WeightGroup } from './weight-manifest.js';

/** A model as TensorFlow.js takes it. */
type Artifacts = tf.io.ModelArtifacts;

/**
 * Reads `model.json` and its weight files. If another process saves over the model meanwhile, the weight files may
 * vanish under our hands: then `model.json` has changed too, and reading starts again.
 */
export async function loadModel(path: string): Promise<Artifacts> {
  for (let attempt = 1; ; attempt++) {
    const text = await readText(path);
    try {
      return await assemble(text, path);
    } catch (error) {
      const vanished = error instanceof ModelFileError && error.code === 'MODEL_NOT_FOUND';
      if (!vanished || attempt === 3 || (await readText(path)) === text) throw error;
    }
  }
}

async function assemble(text: string, path: string): Promise<Artifacts> {
  const json = parse(text, path);
  const groups = readManifest(json.weightsManifest, path);
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const buffers: ArrayBuffer[] = [];
  for (const group of groups) buffers.push(...(await readGroup(group, path)));
  const [first = new ArrayBuffer(0), ...others] = buffers;
  return tf.io.getModelArtifactsForJSON(json, async () => [weightSpecs, others.length === 0 ? first : buffers]);
}

function parse(text: string, path: string): tf.io.ModelJSON {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw malformed(path, 'it is not valid JSON', { cause: error });
  }
  if (!isRecord(json)) throw malformed(path, 'it is not a JSON object');
  if (!isRecord(json.modelTopology)) throw malformed(path, 'it has no modelTopology');
  return json as unknown as tf.io.ModelJSON;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw asMissing(error, path, 'there is no such model. Check the path; it is the directory or its model.json.');
  }
}

async function readGroup({ paths, weights }: WeightGroup, path: string): Promise<ArrayBuffer[]> {
  const { bytes, exact } = byteLength(weights);
  const files: ArrayBuffer[] = [];
  let found = 0;
  for (const name of paths) {
    const shard = await readShard(join(dirname(path), name), exact ? bytes - found : Number.MAX_SAFE_INTEGER);
    found += shard.byteLength;
    files.push(shard);
  }
  if (exact ? found === bytes : found >= bytes) return files;
  throw wrongSize(path, `${paths.join(', ')} hold ${found} bytes where the weights need ${bytes}`);
}

/** Reads a whole file, unless it is longer than what can still belong to the weights. */
async function readShard(path: string, atMost: number): Promise<ArrayBuffer> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw asMissing(error, path, "this weight file is missing. Copy the model's files together.");
  });
  try {
    const { size } = await file.stat();
    if (size > atMost)
      throw wrongSize(path, `the file has ${size} bytes where at most ${atMost} more belong to the weights`);
    const bytes = new Uint8Array(size);
    let offset = 0;
    while (offset < size) {
      const { bytesRead } = await file.read(bytes, offset, size - offset, offset);
      if (bytesRead === 0) throw wrongSize(path, `the file shrank from ${size} to ${offset} bytes while it was read`);
      offset += bytesRead;
    }
    return bytes.buffer;
  } finally {
    await file.close();
  }
}

function wrongSize(path: string, problem: string): ModelFileError {
  return new ModelFileError(
    'MODEL_WEIGHTS_SIZE',
    path,
    `${problem}. The copy is incomplete or belongs to another model.`,
  );
}

function asMissing(error: unknown, path: string, problem: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_STRING_TOO_LONG' || code === 'ERR_FS_FILE_TOO_LARGE')
    return malformed(path, 'it is too large to be a model.json');
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
    ? new ModelFileError('MODEL_NOT_FOUND', path, problem, { cause: error })
    : systemCodeOf(error) === undefined
      ? error
      : new FileAccessError(path, 'read', error);
}
