import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { layerEntry } from './layer-entry.js';
import type { WeightsOfLayer } from './normalization.js';

/** Layers that give as many channels as they read. */
const keeping =
  /^(Activation|ReLU|LeakyReLU|PReLU|ELU|Dropout|SpatialDropout2D|Add|Multiply|Rescaling|ZeroPadding[12]D|Cropping2D|(Max|Average)Pooling[12]D|TFOpLambda|DepthwiseConv2D)$/;

/** The length of the last axis of what an entry reads first; undefined if the entries do not tell. */
export function channelsInto(
  entry: JsonObject,
  before: (entry: JsonObject) => unknown,
  weightsOf: (layer: string) => WeightsOfLayer,
): number | undefined {
  let current: JsonObject | undefined = entry;
  for (let step = 0; step < 50 && current; step++) {
    const said: unknown = shapeIn(current.inbound_nodes) ?? shapeOf(current.build_config);
    if (Array.isArray(said) && isCount(said.at(-1))) return said.at(-1) as number;
    const previous = layerEntry(before(current));
    if (!previous) return undefined;
    const { className, name, config } = previous;
    const own = config.filters ?? config.units;
    if (isCount(own)) return own;
    const given: unknown = className === 'InputLayer' ? (config.batch_input_shape ?? config.batch_shape) : undefined;
    if (Array.isArray(given) && isCount(given.at(-1))) return given.at(-1) as number;
    if (className === 'BatchNormalization') return [...weightsOf(name).values()][0]?.values.length;
    if (className === 'DepthwiseConv2D' && (config.depth_multiplier ?? 1) !== 1) return undefined;
    current = keeping.test(className) ? previous.entry : undefined;
  }
  return undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0;

const shapeOf = (built: unknown): unknown => (isObject(built) ? built.input_shape : undefined);

/** The shape of the first tensor of a call, which Keras 3 writes beside it. */
function shapeIn(nodes: unknown): unknown {
  const node: unknown = Array.isArray(nodes) ? nodes[0] : undefined;
  const first: unknown = isObject(node) && Array.isArray(node.args) ? node.args.flat()[0] : undefined;
  return isObject(first) && isObject(first.config) ? first.config.shape : undefined;
}

/** The name of the layer that an entry of a functional model reads first. */
export function firstInput({ inbound_nodes: nodes }: JsonObject): string | undefined {
  let value: unknown = nodes;
  for (let depth = 0; depth < 6 && typeof value !== 'string'; depth++) {
    if (Array.isArray(value)) [value] = value as unknown[];
    else if (isObject(value)) value = value.args ?? (isObject(value.config) ? value.config.keras_history : undefined);
  }
  return typeof value === 'string' ? value : undefined;
}
