import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { withChannelOrder } from './channel-order.js';
import { firstInput } from './channels.js';
import { type LayerEntry, layerEntry, type Step, type StockLayer } from './layer-entry.js';
import { operationLayer } from './operations.js';
import { redirected } from './redirected.js';
import { asFunctional } from './sequential.js';
import { type StockReading, stockLayer } from './stock-layer.js';

/** Deepest nesting of networks that is looked into; whoever builds the model refuses deeper ones. */
const deepest = 20;

const isNetwork = (entry: unknown): entry is JsonObject & { readonly config: JsonObject } =>
  isObject(entry) &&
  ['Sequential', 'Model', 'Functional'].includes(entry.class_name as string) &&
  isObject(entry.config) &&
  Array.isArray(entry.config.layers);

/** A network with layers that TensorFlow.js has, those of networks inside too. */
export function stockNetwork(network: unknown, reading: Omit<StockReading, 'before'>, depth = 0): unknown {
  if (!isNetwork(network) || depth > deepest) return network;
  const { config } = network;
  const isFunctional = network.class_name !== 'Sequential';
  const written = config.layers as readonly unknown[];
  const entries = isFunctional ? withChannelOrder(written) : written;
  const byName = new Map(entries.map(entry => [layerEntry(entry)?.name, entry]));
  const before = (entry: JsonObject): unknown =>
    isFunctional ? byName.get(firstInput(entry)) : entries[entries.indexOf(entry) - 1];
  const layers = entries.map((entry): StockLayer | unknown => {
    if (isNetwork(entry)) return stockNetwork(entry, reading, depth + 1);
    const layer = layerEntry(entry);
    if (!layer) return entry;
    return (isFunctional && operation(layer)) || stockLayer(layer, { ...reading, before });
  });
  const stock = layers.map(layer => (isStock(layer) ? layer : { entry: layer as JsonObject, steps: [] }));
  const own = stock.map(({ entry }) => entry);
  const changed = { ...network, config: { ...config, layers: own } };
  if (stock.every(({ steps }) => steps.length === 0)) return changed;
  if (isFunctional) return withSteps(changed, stock);
  const functional = asFunctional(network, own);
  const steps = stock.map(layer => layer.steps);
  const called = functional.config.layers as readonly JsonObject[];
  // An input may have been put before the others.
  const behind = called.map((entry, i) => ({ entry, steps: steps[i + steps.length - called.length] ?? [] }));
  return withSteps(functional, behind);
}

const isStock = (value: unknown): value is StockLayer => isObject(value) && 'steps' in value;

/** An operation on tensors as a layer. */
function operation(layer: LayerEntry): StockLayer | undefined {
  const found = operationLayer(layer.entry);
  if (!found) return undefined;
  const { name } = layer;
  const { className, config, inputs } = found;
  const inbound_nodes = [inputs.map(([from, call, output]) => [from, call, output, {}])];
  return { entry: { class_name: className, name, config: { name, ...config }, inbound_nodes }, steps: [] };
}

/** The steps behind the layers, and what read the layers reads the last of them. */
function withSteps(network: JsonObject & { readonly config: JsonObject }, layers: readonly StockLayer[]): JsonObject {
  const taken = new Set(layers.map(({ entry }) => entry.name ?? (entry.config as JsonObject | undefined)?.name));
  const free = (wanted: string): string => {
    let name = wanted;
    for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`;
    taken.add(name);
    return name;
  };
  const ends = new Map<string, string>();
  const added = layers.map(({ entry, steps }) => stepEntries(entry, steps, free, ends));
  const { layers: _, ...config } = network.config;
  const entries = layers.flatMap(({ entry }, i) => [
    { ...entry, inbound_nodes: redirected(entry.inbound_nodes, ends) },
    ...(added[i] as readonly JsonObject[]),
  ]);
  return { ...network, config: { ...(redirected(config, ends) as JsonObject), layers: entries } };
}

function stepEntries(
  entry: JsonObject,
  steps: readonly Step[],
  free: (wanted: string) => string,
  ends: Map<string, string>,
): JsonObject[] {
  if (steps.length === 0) return [];
  const own = (entry.name ?? (entry.config as JsonObject).name) as string;
  const calls = Array.isArray(entry.inbound_nodes) ? entry.inbound_nodes.length : 0;
  const names = [own];
  const made = steps.map(({ className, config, inputs }, i) => {
    const name = free(`${own}_${i === steps.length - 1 ? 'activation' : `activation_${i + 1}`}`);
    names.push(name);
    const inbound_nodes = Array.from({ length: calls }, (_, call) => inputs.map(input => [names[input], call, 0, {}]));
    return { class_name: className, name, config: { name, ...config }, inbound_nodes };
  });
  ends.set(own, names.at(-1) as string);
  return made;
}
