import { foreignFormat } from '@espalier/core';
import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from '../errors.js';

/** What a `model.json` of a layers model says. */
export interface ModelJson {
  /** The model in Keras's configuration, or what holds it as `model_config`. */
  readonly topology: JsonObject;
  readonly groups: readonly ShardGroup[];
  readonly metadata: Record<string, unknown> | undefined;
}

/** Files whose bytes, one after the other, are those of some weights. */
export interface ShardGroup {
  readonly paths: readonly string[];
  readonly weights: readonly io.WeightsManifestEntry[];
}

/** Any object of a JSON file. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for what JSON has between braces. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a `model.json`; refuses everything but layers models with weights. */
export function parseModelJson(file: string, bytes: Uint8Array): ModelJson {
  const json = parse(file, bytes);
  const remedy =
    'Give the model.json that model.save or tensorflowjs_converter with --output_format tfjs_layers_model made.';
  const invalid = (problem: string): never => {
    throw new ModelFileError('MODEL_JSON_INVALID', file, problem, remedy);
  };
  if (!isObject(json)) return invalid('It is not a JSON object.');
  const { modelTopology, weightsManifest, format, userDefinedMetadata } = json;
  if (!isObject(modelTopology)) return invalid('It has no modelTopology.');
  if (format === 'graph-model' || 'node' in modelTopology) {
    throw new ModelFileError(
      'MODEL_IS_A_GRAPH',
      file,
      'It is a graph model, which has operations instead of layers and cannot be trained.',
      'Convert the Keras model again with --output_format tfjs_layers_model.',
    );
  }
  const model = isObject(modelTopology.model_config) ? modelTopology.model_config : modelTopology;
  if (typeof model.class_name !== 'string') return invalid('Its modelTopology is not that of a Keras model.');
  if (!Array.isArray(weightsManifest)) return invalid('It has no weightsManifest.');
  const groups = weightsManifest.map(group => (isGroup(group) ? group : invalid(problemOf(group))));
  return {
    topology: modelTopology,
    groups,
    metadata: isObject(userDefinedMetadata) ? { ...userDefinedMetadata } : undefined,
  };
}

function parse(file: string, bytes: Uint8Array): unknown {
  const invalid = (problem: string, remedy: string, cause?: unknown): ModelFileError =>
    new ModelFileError('MODEL_JSON_INVALID', file, problem, remedy, { cause });
  // JSON starts with two ASCII characters; in UTF-16 and UTF-32 one byte of each is zero or a mark of the order of
  // bytes.
  const [first = 1, second = 1] = bytes;
  const letter = bytes.subarray(0, 4).find(byte => byte !== 0) ?? 0; // other files may have zeros there, too
  const zeros = (first === 0 || second === 0) && /[\s{[\u00fe]/.test(String.fromCharCode(letter));
  if (zeros || ((first ^ second) === 1 && Math.min(first, second) === 0xfe))
    throw invalid('It is text in UTF-16 or UTF-32, not in UTF-8.', 'Convert it to UTF-8, for instance with an editor.');
  // What is text of no known kind may be a damaged model.json.
  const foreign = startsAsJson(bytes) ? undefined : foreignFormat(bytes);
  if (foreign && !foreign.plainText) throw invalid(foreign.message, 'This reads the model.json of a layers model.');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)); // which skips a byte order mark
  } catch (cause) {
    const problem = cause instanceof TypeError ? 'It is not text in UTF-8.' : 'It is not JSON.';
    throw invalid(problem, 'Give the path of a model.json, or copy it again if it was cut off.', cause);
  }
}

/** True for what may be a `model.json` that was cut off: a brace, after white space or a byte order mark. */
function startsAsJson(bytes: Uint8Array): boolean {
  return /^\s*[{[]/.test(new TextDecoder().decode(bytes.subarray(0, 4096))); // which skips a byte order mark
}

const dtypes: readonly unknown[] = ['float32', 'int32', 'bool'];
const storedDtypes: readonly unknown[] = ['uint8', 'uint16', 'float16'];

/** What is wrong with a group, with the weights by name where they have one. */
function problemOf(group: unknown): string {
  const weights = isObject(group) && Array.isArray(group.weights) ? (group.weights as unknown[]) : [];
  const wrong = weights.find(entry => !isEntry(entry));
  if (!isObject(wrong) || typeof wrong.name !== 'string') return 'Its weightsManifest is malformed.';
  const { name, shape, dtype, quantization } = wrong;
  return `Its weightsManifest has no shape, type or quantization that could be read for ${JSON.stringify({ name, shape, dtype, quantization }).slice(0, 200)}.`;
}

function isGroup(group: unknown): group is ShardGroup {
  if (!isObject(group)) return false;
  const { paths, weights } = group;
  return (
    Array.isArray(paths) &&
    paths.every(path => typeof path === 'string') &&
    Array.isArray(weights) &&
    weights.every(isEntry)
  );
}

function isEntry(entry: unknown): boolean {
  if (!isObject(entry)) return false;
  const { name, shape, dtype, quantization } = entry;
  const sides = Array.isArray(shape) && shape.every(side => Number.isSafeInteger(side) && side >= 0);
  return typeof name === 'string' && sides && dtypes.includes(dtype) && isQuantization(quantization, dtype);
}

/** Half precision, or integers with the scale and the offset that make numbers of them. */
function isQuantization(quantization: unknown, dtype: unknown): boolean {
  if (quantization === undefined) return true;
  if (!isObject(quantization) || !storedDtypes.includes(quantization.dtype)) return false;
  if (quantization.dtype === 'float16') return dtype === 'float32';
  return dtype !== 'bool' && Number.isFinite(quantization.scale) && Number.isFinite(quantization.min);
}

const widths: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };

/** How many bytes a weight has in its file. */
export function byteLength({ shape, dtype, quantization }: io.WeightsManifestEntry): number {
  return shape.reduce((size, side) => size * side, 1) * (widths[quantization?.dtype ?? dtype] as number);
}
