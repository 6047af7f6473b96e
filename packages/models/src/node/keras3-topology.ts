import { isObject, type JsonObject } from './model-json.js';

/** What Keras 3 writes that TensorFlow.js cannot read and that has no older spelling. */
export class UnknownSpelling extends Error {}

/**
 * The configuration of a Keras 3 model in the spelling of Keras 2, which TensorFlow.js reads; one of Keras 2 comes back as it is.
 * Throws {@link UnknownSpelling} where there is no such spelling.
 */
export function olderSpelling(topology: JsonObject): JsonObject {
  const { class_name: className, config } = topology;
  if (!isObject(config)) return topology;
  const renamed: Record<string, unknown> = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key === 'batch_shape' ? 'batch_input_shape' : key, plain(value)]),
  );
  if (Array.isArray(config.layers)) {
    renamed.layers = config.layers.map(layer => (isObject(layer) ? olderSpelling(layer) : layer));
    for (const key of ['input_layers', 'output_layers']) if (key in config) renamed[key] = listed(config[key]);
  }
  const older: Record<string, unknown> = { class_name: className, config: renamed };
  if ('name' in topology) older.name = topology.name;
  if (Array.isArray(topology.inbound_nodes)) older.inbound_nodes = topology.inbound_nodes.map(inboundNode);
  return older;
}

/** Data types by name, and objects of Keras 3 without module and registered name. */
function plain(value: unknown): unknown {
  if (!isObject(value) || typeof value.class_name !== 'string' || !('module' in value)) return value;
  if (value.class_name === 'DTypePolicy') return isObject(value.config) ? value.config.name : value;
  return { class_name: value.class_name, config: value.config };
}

/** Keras 3 writes the only input or output without the outer brackets. */
const listed = (tensors: unknown): unknown =>
  Array.isArray(tensors) && typeof tensors[0] === 'string' ? [tensors] : tensors;

/** A call of a layer: `{ args: [tensor or tensors], kwargs }` as `[[layer, node, tensor, {}], …]`. */
function inboundNode(node: unknown): unknown {
  if (!isObject(node)) return node;
  const { args, kwargs } = node;
  if (!Array.isArray(args) || args.length > 1 || !isObject(kwargs))
    throw new UnknownSpelling('a layer is called with several arguments');
  const extra = Object.entries(kwargs).find(
    ([key, value]) => value !== null && !(key === 'training' && value === false),
  );
  if (extra) throw new UnknownSpelling(`a layer is called with "${extra[0]}"`);
  const [tensors = []] = args as unknown[];
  return (Array.isArray(tensors) ? tensors : [tensors]).map(tensor => {
    const history = isObject(tensor) && isObject(tensor.config) ? tensor.config.keras_history : undefined;
    if (!Array.isArray(history)) throw new UnknownSpelling('a layer is called with something else than a tensor');
    return [...(history as unknown[]), {}];
  });
}
