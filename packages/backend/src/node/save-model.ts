import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeDirectory } from '@espalier/core/node';
import type { io } from '@tensorflow/tfjs-core';
import { syncDirectory, writeDurably } from './durable-write.js';
import { ModelFileError } from './model-file-error.js';
import { shards, totalBytes } from './shards.js';
import { byteLength } from './weight-manifest.js';

/** Leftovers of a save that died are kept this long, since a save that is still running looks the same. */
const leftoverAgeMs = 60 * 60 * 1000;

/**
 * Writes a model: weight files under names never used before, then `model.json` over the old one, then the old weight
 * files go. A crash at any point leaves the old model or the new one, and at worst files that the next save removes.
 */
export async function saveModel(
  path: string,
  artifacts: io.ModelArtifacts,
  shardBytes: number,
): Promise<io.SaveResult> {
  const { modelTopology, weightSpecs = [], weightData = new ArrayBuffer(0), ...rest } = artifacts;
  if (modelTopology === undefined || modelTopology instanceof ArrayBuffer) {
    throw new ModelFileError('MODEL_NOT_SAVEABLE', path, 'only a topology in JSON can be written. Save a LayersModel.');
  }
  const buffers = Array.isArray(weightData) ? weightData : [weightData];
  assertComplete(path, weightSpecs, totalBytes(buffers));

  const prefix = `${stem(path)}.${randomUUID().slice(0, 8)}`;
  const files = [...shards(buffers, shardBytes)].map((chunks, index, { length }) => {
    return { name: `${prefix}.shard${index + 1}of${length}.bin`, chunks };
  });
  const paths = files.map(({ name }) => name);
  const json = toJson(path, { modelTopology, ...rest, weightsManifest: [{ paths, weights: weightSpecs }] });

  const directory = dirname(path);
  await makeDirectory(directory);
  const replaced = await weightFilesOf(path);
  try {
    for (const { name, chunks } of files) await writeDurably(directory, name, chunks);
    await syncDirectory(directory);
    await writeDurably(directory, basename(path), [Buffer.from(json)]);
  } catch (error) {
    await removeAll(directory, paths);
    throw error;
  }
  await syncDirectory(directory);
  await removeAll(directory, [...replaced, ...(await leftoversOf(path, paths))]);
  const modelArtifactsInfo: io.ModelArtifactsInfo = {
    dateSaved: new Date(),
    modelTopologyType: 'JSON',
    modelTopologyBytes: Buffer.byteLength(JSON.stringify(modelTopology)),
    weightSpecsBytes: Buffer.byteLength(JSON.stringify(weightSpecs)),
    weightDataBytes: totalBytes(buffers),
  };
  return { modelArtifactsInfo };
}

/** A model whose bytes do not match its own weights could never be read back. */
function assertComplete(path: string, weights: readonly io.WeightsManifestEntry[], actual: number): void {
  const { bytes, exact } = byteLength(weights);
  if (exact ? actual === bytes : actual >= bytes) return;
  const problem = `the model has ${actual} bytes of weights where its ${weights.length} weights need ${bytes}`;
  throw new ModelFileError('MODEL_NOT_SAVEABLE', path, `${problem}. Save the whole model, not parts of its artifacts.`);
}

function toJson(
  path: string,
  { getWeightStream: _, ...fields }: io.ModelArtifacts & { weightsManifest: unknown },
): string {
  try {
    return JSON.stringify(fields);
  } catch (cause) {
    const problem = 'its topology or metadata is not plain JSON data. Check what was given to setUserDefinedMetadata.';
    throw new ModelFileError('MODEL_NOT_SAVEABLE', path, problem, { cause });
  }
}

/** The weight files that the present `model.json` names beside itself; none if it cannot be made sense of. */
async function weightFilesOf(path: string): Promise<readonly string[]> {
  try {
    const { weightsManifest } = JSON.parse(await readFile(path, 'utf8')) as io.ModelJSON;
    const names = weightsManifest.flatMap(({ paths }) => paths);
    return names.filter(name => /^[^/\\]+\.bin$|^group\d+-shard\d+of\d+$/.test(name));
  } catch {
    return [];
  }
}

/** Removes files that nothing needs any more; one that cannot be removed now (open on Windows) does no harm. */
async function removeAll(directory: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(directory, name), { force: true }).catch(() => undefined);
}

/** Weight and temporary files of this model that no `model.json` names and that are too old to be still in use. */
async function leftoversOf(path: string, inUse: readonly string[]): Promise<readonly string[]> {
  const base = stem(path).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const ours = new RegExp(`^\\.?${base}\\.([0-9a-f]{8}\\.shard\\d+of\\d+\\.bin|json)(\\.[0-9a-f-]{36}\\.tmp)?$`);
  const names = (await readdir(dirname(path))).filter(
    name => ours.test(name) && ![basename(path), ...inUse].includes(name),
  );
  const old: string[] = [];
  for (const name of names) {
    const age = await stat(join(dirname(path), name)).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > leftoverAgeMs) old.push(name);
  }
  return old;
}

function stem(path: string): string {
  return basename(path).replace(/\.json$/, '');
}
