import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from './model-file-error.js';

/** Weights of one group and the files that hold them one after the other. */
export type WeightGroup = io.WeightsManifestConfig[number];

const bytesOf: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, complex64: 8, string: 4 };
const quantizedBytesOf: Readonly<Record<string, number>> = { uint8: 1, uint16: 2, float16: 2 };

/** The weights manifest of a parsed `model.json`, checked. Without one TensorFlow.js would make up random weights. */
export function readManifest(manifest: unknown, path: string): readonly WeightGroup[] {
  if (!Array.isArray(manifest)) throw malformed(path, 'weightsManifest is not an array');
  const names = new Set<string>();
  manifest.forEach((group: unknown, index) => {
    const where = `weightsManifest[${index}]`;
    if (!isRecord(group)) throw malformed(path, `${where} is not an object`);
    const { paths, weights } = group;
    if (!Array.isArray(paths) || !paths.every(name => typeof name === 'string'))
      throw malformed(path, `${where}.paths is not a list of names`);
    if (!Array.isArray(weights)) throw malformed(path, `${where}.weights is not an array`);
    for (const name of paths as string[]) assertInside(name, path);
    weights.forEach((weight: unknown, position) => {
      checkWeight(weight, names, path, `${where}.weights[${position}]`);
    });
  });
  return manifest as WeightGroup[];
}

/** Bytes that weights take: exactly, or at least where a string's length is known from the data only. */
export function byteLength(weights: readonly io.WeightsManifestEntry[]): {
  readonly bytes: number;
  readonly exact: boolean;
} {
  const bytes = weights.reduce((sum, { shape, dtype, quantization }) => {
    const each = quantization === undefined ? bytesOf[dtype] : quantizedBytesOf[quantization.dtype];
    return sum + shape.reduce((size, extent) => size * extent, 1) * (each ?? Number.NaN);
  }, 0);
  return { bytes, exact: weights.every(({ dtype }) => dtype !== 'string') };
}

/** An error about the content of `model.json`. */
export function malformed(path: string, problem: string, options?: ErrorOptions): ModelFileError {
  return new ModelFileError('MODEL_MALFORMED', path, `${problem}. Export the model again.`, options);
}

/** Whether a value is an object with named fields. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkWeight(weight: unknown, names: Set<string>, path: string, where: string): void {
  if (!isRecord(weight)) throw malformed(path, `${where} is not an object`);
  const { name, shape, dtype, quantization } = weight;
  if (typeof name !== 'string') throw malformed(path, `${where}.name is not a string`);
  if (names.has(name)) throw malformed(path, `${where} repeats the name "${name}"`);
  names.add(name);
  if (typeof dtype !== 'string' || !Object.hasOwn(bytesOf, dtype))
    throw malformed(path, `${where}.dtype of "${name}" is unknown`);
  if (!Array.isArray(shape) || !shape.every(extent => Number.isSafeInteger(extent) && extent >= 0)) {
    throw malformed(path, `${where}.shape of "${name}" is not a list of sizes`);
  }
  if (!Number.isSafeInteger(shape.reduce((size: number, extent: number) => size * extent, 8))) {
    throw malformed(path, `${where}.shape of "${name}" is larger than any file`);
  }
  if (quantization === undefined) return;
  const known =
    isRecord(quantization) &&
    typeof quantization.dtype === 'string' &&
    Object.hasOwn(quantizedBytesOf, quantization.dtype);
  if (!known) throw malformed(path, `${where}.quantization of "${name}" is unknown`);
}

/** Weight files lie beside `model.json` or below it; anything else could read any file of the machine. */
function assertInside(name: string, path: string): void {
  const unsafe =
    name === '' ||
    name.includes('\0') ||
    /^([/\\]|[a-z]:|[a-z][a-z0-9+.-]*:\/\/)/i.test(name) ||
    name.split(/[/\\]/).includes('..');
  if (!unsafe) return;
  throw new ModelFileError(
    'MODEL_PATH_UNSAFE',
    path,
    `the weight file ${JSON.stringify(name)} is outside the model's directory. Do not load this model, or move its files together.`,
  );
}
