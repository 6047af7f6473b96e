import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { channelsInto, firstInput } from './channels.js';
import { layerEntry } from './layer-entry.js';
import { type Reference, referenceOf } from './operation-arguments.js';

/** Channels of an image in another order, as `preprocess_input` of ResNet and VGG takes them. */
interface Reordered {
  readonly name: string;
  readonly source: Reference;
  /** Which channel stands where. */
  readonly order: readonly number[];
  /** How many there are. */
  readonly channels: number;
  /** Operations that are needed no more. */
  readonly parts: readonly string[];
}

/** Most channels that are put in another order one by one. */
const most = 64;

/**
 * The entries of a functional model with layers in the place of `x[..., ::-1]` and of stacked `x[..., 2]`, `x[..., 1]`,
 * …: the channels become columns of the image, which are cut apart, turned back and put behind each other.
 */
export function withChannelOrder(entries: readonly unknown[]): readonly unknown[] {
  const byName = new Map(entries.map(entry => [layerEntry(entry)?.name, entry]));
  const before = (entry: JsonObject): unknown => byName.get(firstInput(entry));
  const found = entries.flatMap(entry => reversed(entry, before) ?? stacked(entry, byName, before) ?? []);
  if (found.length === 0) return entries;
  // What something else reads as well has to stay, and nobody has it.
  const readers = readersIn(entries);
  const sure = found.filter(({ parts }) => parts.every(part => readers.get(part) === 1));
  const gone = new Set(sure.flatMap(({ parts }) => parts));
  const instead = new Map(sure.map(each => [each.name, each]));
  return entries.flatMap((entry): unknown[] => {
    const name = layerEntry(entry)?.name ?? '';
    const reordered = instead.get(name);
    if (reordered) return layersOf(reordered, byName);
    return gone.has(name) ? [] : [entry];
  });
}

/** `x[..., ::-1]` of Keras 2. */
function reversed(entry: unknown, before: (entry: JsonObject) => unknown): Reordered[] | undefined {
  if (!isObject(entry) || entry.class_name !== 'SlicingOpLambda') return undefined;
  const [node, ...others] = Array.isArray(entry.inbound_nodes) ? (entry.inbound_nodes as unknown[]) : [];
  const call: unknown = Array.isArray(node) && Array.isArray(node[0]) ? node[0] : node;
  if (others.length > 0 || !Array.isArray(call)) return undefined;
  const [layer, index, output, options] = call as unknown[];
  const source = referenceOf([layer, index, output]);
  const last = lastOf(isObject(options) ? options.slice_spec : undefined);
  if (!source || !isObject(last) || last.step !== -1 || (last.start ?? last.stop ?? null) !== null) return undefined;
  const channels = channelsInto(entry, before, () => new Map());
  if (channels === undefined || channels > most) return undefined;
  const order = Array.from({ length: channels }, (_, i) => channels - 1 - i);
  return [{ name: layerEntry(entry)?.name ?? '', source, order, channels, parts: [] }];
}

/** Channels by their numbers, stacked along a last axis, of Keras 3. */
function stacked(
  entry: unknown,
  byName: ReadonlyMap<string | undefined, unknown>,
  before: (entry: JsonObject) => unknown,
): Reordered[] | undefined {
  if (!isObject(entry) || entry.class_name !== 'Stack' || !isObject(entry.config)) return undefined;
  if (entry.config.axis !== -1 && entry.config.axis !== 3) return undefined;
  const tensors = argumentsOf(entry)[0];
  if (!Array.isArray(tensors) || tensors.length === 0 || tensors.length > most) return undefined;
  const parts = tensors.map(tensor => referenceIn(tensor)?.[0] ?? '');
  const items = parts.map(part => channelOf(byName.get(part), before));
  const [first] = items;
  if (!first || items.some(item => item?.source.join() !== first.source.join())) return undefined;
  const order = items.map(item => item?.channel as number);
  return [{ name: layerEntry(entry)?.name ?? '', source: first.source, order, channels: first.channels, parts }];
}

interface Channel {
  readonly source: Reference;
  readonly channel: number;
  readonly channels: number;
}

/** `x[..., 2]` of an image. */
function channelOf(entry: unknown, before: (entry: JsonObject) => unknown): Channel | undefined {
  if (!isObject(entry) || entry.class_name !== 'GetItem') return undefined;
  const [tensor, places] = argumentsOf(entry);
  const source = referenceIn(tensor);
  const index = lastOf(places);
  const channels = channelsInto(entry, before, () => new Map());
  if (!source || channels === undefined || channels > most || !Number.isInteger(index)) return undefined;
  const channel = (index as number) < 0 ? (index as number) + channels : (index as number);
  return channel >= 0 && channel < channels ? { source, channel, channels } : undefined;
}

/** What is taken of the last axis of an image, where all of the others is; undefined for anything else. */
function lastOf(places: unknown): unknown {
  if (!Array.isArray(places)) return undefined;
  const [last, ...others] = [...(places as unknown[])].reverse();
  const isAll = (place: unknown): boolean =>
    isObject(place) && !/ellipsis/.test(String(place.class_name)) && isWhole(place);
  const isRest = (place: unknown): boolean => isObject(place) && /ellipsis/.test(String(place.class_name));
  const whole = others.length === 1 ? isRest(others[0]) : others.length === 3 && others.every(isAll);
  return whole ? last : undefined;
}

/** A slice of everything, as Keras 2 or Keras 3 writes it. */
function isWhole(place: JsonObject): boolean {
  const { start, stop, step } = isObject(place.config) ? place.config : place;
  return [start, stop, step].every(side => side === null || side === undefined);
}

function argumentsOf({ inbound_nodes: nodes }: JsonObject): readonly unknown[] {
  const [node, ...others] = Array.isArray(nodes) ? (nodes as unknown[]) : [];
  return others.length === 0 && isObject(node) && Array.isArray(node.args) ? (node.args as unknown[]) : [];
}

const referenceIn = (tensor: unknown): Reference | undefined =>
  isObject(tensor) && isObject(tensor.config) ? referenceOf(tensor.config.keras_history) : undefined;

/** How many entries read each layer. */
function readersIn(entries: readonly unknown[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const entry of entries) {
    const names = new Set<string>();
    if (isObject(entry)) namesIn(entry.inbound_nodes, names);
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** Everything that may be the name of a layer in a call. */
function namesIn(value: unknown, names: Set<string>, depth = 0): void {
  if (typeof value === 'string') names.add(value);
  else if (depth < 10 && (Array.isArray(value) || isObject(value)))
    for (const part of Object.values(value)) namesIn(part, names, depth + 1);
}

function layersOf(
  { name, source, order, channels }: Reordered,
  taken: ReadonlyMap<string | undefined, unknown>,
): JsonObject[] {
  const free = (wanted: string): string => (taken.has(wanted) ? free(`${wanted}_`) : wanted);
  const layer = (className: string, own: string, config: JsonObject, ...inputs: Reference[]): JsonObject => ({
    class_name: className,
    name: own,
    config: { name: own, ...config },
    inbound_nodes: [inputs.map(([from, call, output]) => [from, call, output, {}])],
  });
  const columns = free(`${name}_columns`);
  const swap = { dims: [1, 3, 2] };
  const channel = (place: number): string => free(`${name}_channel_${place}`);
  const cuts = [...new Set(order)].flatMap(place => {
    const cut = free(`${name}_column_${place}`);
    const cropping = [
      [0, 0],
      [place, channels - 1 - place],
    ];
    return [
      layer('Cropping2D', cut, { cropping, data_format: 'channels_last' }, [columns, 0, 0]),
      layer('Permute', channel(place), swap, [cut, 0, 0]),
    ];
  });
  const joined = order.map((place): Reference => [channel(place), 0, 0]);
  return [layer('Permute', columns, swap, source), ...cuts, layer('Concatenate', name, { axis: -1 }, ...joined)];
}
