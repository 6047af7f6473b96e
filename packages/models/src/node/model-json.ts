import type { io } from '@tensorflow/tfjs-core';
import { ModelFileError } from './errors.js';

/** What a `model.json` of a layers model says. */
export interface ModelJson {
  /** The model, in Keras's configuration. */
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

/** Reads the text of a `model.json`; refuses everything but layers models with weights. */
export function parseModelJson(file: string, text: string): ModelJson {
  const json = parse(file, text);
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
  const topology = isObject(modelTopology.model_config) ? modelTopology.model_config : modelTopology;
  if (typeof topology.class_name !== 'string') return invalid('Its modelTopology is not that of a Keras model.');
  if (!Array.isArray(weightsManifest)) return invalid('It has no weightsManifest.');
  const groups = weightsManifest.map(group => (isGroup(group) ? group : invalid('Its weightsManifest is malformed.')));
  return { topology, groups, metadata: isObject(userDefinedMetadata) ? { ...userDefinedMetadata } : undefined };
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const remedy = 'Give the path of a model.json, or copy it again if it was cut off.';
    throw new ModelFileError('MODEL_JSON_INVALID', file, 'It is not JSON.', remedy, { cause });
  }
}

const dtypes: readonly unknown[] = ['float32', 'int32', 'bool'];
const storedDtypes: readonly unknown[] = ['uint8', 'uint16', 'float16'];

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
  const quantised = quantization === undefined || (isObject(quantization) && storedDtypes.includes(quantization.dtype));
  const sides = Array.isArray(shape) && shape.every(side => Number.isSafeInteger(side) && side >= 0);
  return typeof name === 'string' && sides && dtypes.includes(dtype) && quantised;
}
