import { show } from '../show.js';
import { asFields, asList, asText, type Fields, malformed } from './fields.js';

/** A layer, or a network inside a network. */
export interface LayerEntry {
  readonly name: string;
  readonly className: string;
  readonly config: Fields;
}

/** One call of a layer: which values it reads. */
export interface Call {
  readonly layer: LayerEntry;
  /** Calls whose values it reads, in order; empty for inputs of the network. */
  readonly inputs: readonly Call[];
}

/** The calls of a network, its only input and its only output. */
export interface Network {
  readonly input: Call;
  readonly output: Call;
}

const networks: readonly unknown[] = ['Sequential', 'Model', 'Functional'];

/** True for networks inside networks. */
export function isNetwork({ className }: LayerEntry): boolean {
  return networks.includes(className);
}

export function entryOf(value: unknown, what: string): LayerEntry {
  const layer = asFields(value, what);
  const config = Array.isArray(layer.config)
    ? { layers: layer.config }
    : asFields(layer.config, `config of the ${what}`);
  const name = asText(layer.name ?? config.name ?? layer.class_name, `name of the ${what}`);
  return { name, className: asText(layer.class_name, `class_name of the ${what}`), config };
}

/** Reads who reads whom in a Sequential or functional network. */
export function networkOf(entry: LayerEntry): Network {
  const layers = asList(entry.config.layers, `list of layers of "${entry.name}"`);
  if (layers.length === 0) malformed(`The network "${entry.name}" has no layers.`);
  return entry.className === 'Sequential' ? sequential(entry, layers) : functional(entry, layers);
}

function sequential(entry: LayerEntry, layers: readonly unknown[]): Network {
  const entries = layers.map((layer, index) => entryOf(layer, `layer ${index} of "${entry.name}"`));
  const [first] = entries as [LayerEntry];
  const input: Call = {
    layer:
      first.className === 'InputLayer' ? first : { name: `${entry.name}_input`, className: 'InputLayer', config: {} },
    inputs: [],
  };
  let output = input;
  for (const layer of entries) if (layer.className !== 'InputLayer') output = { layer, inputs: [output] };
  return { input, output };
}

interface OpenCall {
  readonly layer: LayerEntry;
  readonly inputs: OpenCall[];
}

function functional(entry: LayerEntry, layers: readonly unknown[]): Network {
  const calls = new Map<string, OpenCall[]>();
  const references: { readonly call: OpenCall; readonly nodes: readonly unknown[] }[] = [];
  for (const [index, value] of layers.entries()) {
    const layer = entryOf(value, `layer ${index} of "${entry.name}"`);
    if (calls.has(layer.name)) malformed(`Two layers of "${entry.name}" are called "${layer.name}".`);
    const inbound = asList(asFields(value, 'layer').inbound_nodes ?? [], `inbound_nodes of layer "${layer.name}"`);
    const own = (inbound.length === 0 ? [[]] : inbound).map(nodes => {
      const call: OpenCall = { layer, inputs: [] };
      references.push({
        call,
        nodes: asList(nodes, `inbound node of layer "${layer.name}" (only the format of Keras 2)`),
      });
      return call;
    });
    calls.set(layer.name, own);
  }
  const inputNode = end(entry, 'input');
  const outputNode = end(entry, 'output');
  const fromZero = networksFromZero([...references.flatMap(({ nodes }) => nodes), outputNode]);
  const find = (node: unknown, what: string): OpenCall => resolve(calls, fromZero, node, what);
  for (const { call, nodes } of references) {
    for (const node of nodes) call.inputs.push(find(node, `an input of layer "${call.layer.name}"`));
  }
  const input = find(inputNode, `the input of "${entry.name}"`);
  if (input.layer.className !== 'InputLayer') malformed(`The input "${input.layer.name}" is no InputLayer.`);
  return { input, output: find(outputNode, `the output of "${entry.name}"`) };
}

/**
 * A network inside a network counts its calls from 1, because call 0 was its own making; but Keras counts some from 0. Gives the
 * layers of which call 0 is used.
 */
function networksFromZero(nodes: readonly unknown[]): ReadonlySet<unknown> {
  return new Set(nodes.filter(node => Array.isArray(node) && node[1] === 0).map(node => (node as unknown[])[0]));
}

/** The only input or output; a single one is listed as `[name, 0, 0]` or as `[[name, 0, 0]]`. */
function end(entry: LayerEntry, which: 'input' | 'output'): unknown {
  const listed = asList(entry.config[`${which}_layers`], `${which}_layers of "${entry.name}"`);
  const ends = typeof listed[0] === 'string' ? [listed] : listed;
  if (ends.length !== 1)
    malformed(`The network "${entry.name}" has ${ends.length} ${which}s; the runtime needs exactly one.`);
  return ends[0];
}

function resolve(
  calls: ReadonlyMap<string, OpenCall[]>,
  fromZero: ReadonlySet<unknown>,
  reference: unknown,
  what: string,
): OpenCall {
  const [name, index, tensor] = asList(reference, `reference to ${what}`);
  const own = calls.get(asText(name, `name of ${what}`));
  const [one] = own ?? [];
  if (own === undefined || one === undefined) return malformed(`There is no layer ${show(name)}, named as ${what}.`);
  if (tensor !== 0) malformed(`It uses output ${show(tensor)} of layer "${name}"; layers have one output.`);
  const first = isNetwork(one.layer) && !fromZero.has(name) ? 1 : 0;
  const call = typeof index === 'number' ? own[index - first] : undefined;
  return call ?? malformed(`Layer "${name}" has ${own.length} calls, but call ${show(index)} is used.`);
}
