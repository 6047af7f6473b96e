import { isObject, type JsonObject } from '../layers-model/model-json.js';

/** A layer that computes a part of what another one did; what it reads is counted from that layer, 0, on. */
export interface Step {
  readonly className: string;
  readonly config: JsonObject;
  /** The layer itself is 0, the first step 1. */
  readonly inputs: readonly number[];
}

/** A layer as TensorFlow.js has it, and the layers behind it that do the rest. */
export interface StockLayer {
  readonly entry: JsonObject;
  readonly steps: readonly Step[];
}

/** A layer of a topology, as far as it can be told. */
export interface LayerEntry {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly entry: JsonObject;
}

/** Reads an entry of a list of layers; undefined for what is none, which whoever builds the model refuses. */
export function layerEntry(value: unknown): LayerEntry | undefined {
  if (!isObject(value) || typeof value.class_name !== 'string' || !isObject(value.config)) return undefined;
  const { class_name: className, config } = value;
  const name = value.name ?? config.name;
  return typeof name === 'string' ? { className, name, config, entry: value } : undefined;
}

/** The entry with another class and configuration, called as before, with what every layer has. */
export function replaced({ entry, name, config }: LayerEntry, className: string, options: JsonObject): JsonObject {
  const kept = Object.entries(config).filter(([key]) => shared.includes(key));
  return { ...entry, class_name: className, config: { ...Object.fromEntries(kept), name, ...options } };
}

const shared: readonly string[] = ['trainable', 'dtype', 'batch_input_shape', 'batch_shape', 'input_shape'];

/** A number, or a list of them along the last axis, whatever Keras wraps them in; undefined for anything else. */
export function numbersOf(value: unknown, depth = 0): number | readonly number[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (depth > 8) return undefined;
  if (isObject(value)) {
    const { config, value: inner } = value;
    if (isObject(config)) return numbersOf(config.value, depth + 1);
    return inner === undefined ? undefined : numbersOf(inner, depth + 1);
  }
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (value.every(Number.isFinite)) return value.length === 1 ? (value[0] as number) : (value as number[]);
  return value.length === 1 ? numbersOf(value[0], depth + 1) : undefined;
}

/** Applies a function to a number or to each of a list. */
export const eachOf = (
  numbers: number | readonly number[],
  compute: (number: number) => number,
): number | readonly number[] => (typeof numbers === 'number' ? compute(numbers) : numbers.map(compute));
