import { UnregisteredClassError, UnsupportedLayerOptionError } from '../errors/topology-errors.js';
import { asFields, asList, asName, malformed, show, type TopologyFields } from './fields.js';
import { inboundCall, type Reference, referencesOf } from './inbound-calls.js';
import { type LayerReading, plainConfig } from './plain-layer.js';

/** A layer of a topology with plain options, or a network in the place of a layer. */
export class TopologyLayer {
  readonly [key: string]: unknown;

  constructor(
    readonly name: string,
    readonly className: string,
    /** Options in the spelling of Keras 2; a layer inside is a {@link TopologyLayer}. */
    readonly config: TopologyFields,
    /** The network, if the layer is one. */
    readonly network: TopologyNetwork | undefined,
    /** How many layers run when it is called. */
    readonly cost: number,
  ) {}
}

/** One call of a layer. */
export interface TopologyCall {
  readonly layer: TopologyLayer;
  /** What it reads; empty for inputs. */
  readonly inputs: readonly CallOutput[];
}

/** One output of a call. */
export interface CallOutput {
  readonly call: TopologyCall;
  readonly tensor: number;
}

/** Layers one after the other, or calls of layers, each after those that it reads. */
export type TopologyNetwork =
  | { readonly kind: 'sequential'; readonly layers: readonly TopologyLayer[] }
  | {
      readonly kind: 'functional';
      readonly calls: readonly TopologyCall[];
      readonly inputs: readonly CallOutput[];
      readonly outputs: readonly CallOutput[];
    };

/** What may be read of one topology. */
export interface NetworkReading extends Omit<LayerReading, 'nested'> {
  /** Takes what is wrong with a layer's options, in place of an error; the layer is then read as one without options. */
  refused?(error: UnsupportedLayerOptionError): void;
  /** Most layers, those of networks inside too. */
  readonly mostLayers: number;
}

/** Deepest nesting of networks and wrappers, and the most calls of layers that one call of the whole network makes. */
const [deepest, mostCalls] = [20, 20_000];

const networkClasses: readonly string[] = ['Sequential', 'Model', 'Functional'];

/** True for classes of networks, which hold layers. */
export const isNetworkClass = (className: string): boolean => networkClasses.includes(className);

/** Reads layers, and networks of layers, with one count of all of them. */
export class NetworkReader {
  #layers = 0;

  constructor(readonly reading: NetworkReading) {}

  /** A layer or a network, whatever is inside. */
  layer(value: unknown, what: string, depth = 0, frozen = false): TopologyLayer {
    const { mostLayers } = this.reading;
    if (++this.#layers > mostLayers) malformed(`It has over ${mostLayers} layers, too many for its number of weights.`);
    if (depth > deepest) malformed(`Its layers are nested deeper than ${deepest} levels.`);
    const fields = asFields(value, what);
    const className = asName(fields.class_name, `class_name of the ${what}`);
    const config = Array.isArray(fields.config)
      ? { layers: fields.config }
      : asFields(fields.config, `config of the ${what}`);
    const name = asName(fields.name ?? config.name ?? className, `name of the ${what}`);
    if (isNetworkClass(className)) {
      const network = this.#network(name, className, config, depth, frozen || config.trainable === false);
      return new TopologyLayer(name, className, {}, network, this.#checked(name, costOf(network)));
    }
    if (!this.reading.registered(className)) throw new UnregisteredClassError(className, 'layer', name);
    const inner: TopologyLayer[] = [];
    const nested = (part: unknown): TopologyLayer => {
      inner.push(this.layer(part, `layer inside "${name}"`, depth + 1, frozen));
      return inner.at(-1) as TopologyLayer;
    };
    const plain = this.#plain({ name, className, config }, nested);
    const cost = inner.reduce((sum, layer) => sum + layer.cost, 1);
    return new TopologyLayer(
      name,
      className,
      frozen ? { ...plain, trainable: false } : plain,
      undefined,
      this.#checked(name, cost),
    );
  }

  #plain(
    layer: { name: string; className: string; config: TopologyFields },
    nested: LayerReading['nested'],
  ): TopologyFields {
    try {
      return plainConfig(layer, { ...this.reading, nested });
    } catch (error) {
      if (!(error instanceof UnsupportedLayerOptionError && this.reading.refused)) throw error;
      this.reading.refused(error);
      return { name: layer.name };
    }
  }

  #checked(name: string, cost: number): number {
    return cost <= mostCalls ? cost : malformed(`One call of "${name}" calls over ${mostCalls} layers.`);
  }

  #network(name: string, className: string, config: TopologyFields, depth: number, frozen: boolean): TopologyNetwork {
    const entries = asList(config.layers, `list of layers of "${name}"`);
    if (entries.length === 0) malformed(`The network "${name}" has no layers.`);
    const layers = entries.map((entry, index) => this.layer(entry, `layer ${index} of "${name}"`, depth + 1, frozen));
    const names = new Set<string>();
    for (const layer of layers) {
      if (names.has(layer.name)) malformed(`Two layers of "${name}" are called "${layer.name}".`);
      names.add(layer.name);
    }
    if (className === 'Sequential') return { kind: 'sequential', layers: withInput(layers, config.build_input_shape) };
    return functional(
      name,
      config,
      layers,
      entries.map(entry => asFields(entry, 'layer').inbound_nodes),
    );
  }
}

/** Keras writes the shape of the input beside the layers if none of them says it. */
function withInput(layers: readonly TopologyLayer[], shape: unknown): readonly TopologyLayer[] {
  const [first, ...others] = layers;
  if (first === undefined || first.network || !Array.isArray(shape) || 'batch_input_shape' in first.config)
    return layers;
  const config = { ...first.config, batch_input_shape: shape };
  return [new TopologyLayer(first.name, first.className, config, undefined, first.cost), ...others];
}

const costOf = (network: TopologyNetwork): number =>
  (network.kind === 'sequential' ? network.layers : network.calls.map(({ layer }) => layer)).reduce(
    (sum, { cost }) => sum + cost,
    1,
  );

interface OpenCall extends TopologyCall {
  readonly inputs: CallOutput[];
  /** The call of the same layer before this one, which must be made first. */
  readonly before: OpenCall | undefined;
  readonly references: readonly Reference[];
}

function functional(
  name: string,
  config: TopologyFields,
  layers: readonly TopologyLayer[],
  inbound: readonly unknown[],
): TopologyNetwork {
  const calls = new Map<string, OpenCall[]>();
  for (const [index, layer] of layers.entries()) {
    const nodes =
      layer.className === 'InputLayer' ? [[]] : asList(inbound[index] ?? [], `inbound_nodes of layer "${layer.name}"`);
    const own: OpenCall[] = [];
    for (const node of nodes) own.push({ layer, inputs: [], before: own.at(-1), references: inboundCall(node, layer) });
    calls.set(layer.name, own);
  }
  const [inputs, outputs] = ['input_layers', 'output_layers'].map(key =>
    referencesOf(config[key], `${key} of "${name}"`),
  ) as [Reference[], Reference[]];
  if (inputs.length === 0 || outputs.length === 0) malformed(`The network "${name}" has no inputs or no outputs.`);
  const open = [...calls.values()].flat();
  // A network counts its calls from 1 in TensorFlow.js and Keras 2, since call 0 was its own making, and from 0 in Keras 3.
  const fromZero = new Set(
    [...open.flatMap(({ references }) => references), ...outputs]
      .filter(({ node }) => node === 0)
      .map(({ layer }) => layer),
  );
  const find = ({ layer, node, tensor }: Reference): { call: OpenCall; tensor: number } => {
    const own = calls.get(layer) ?? malformed(`There is no layer ${show(layer)} in "${name}".`);
    const first = own[0]?.layer.network && !fromZero.has(layer) ? 1 : 0;
    const call = own[node - first] ?? malformed(`Layer "${layer}" has ${own.length} calls, but call ${node} is used.`);
    return { call, tensor };
  };
  for (const call of open) call.inputs.push(...call.references.map(find));
  const ends = outputs.map(find);
  return {
    kind: 'functional',
    calls: inOrder(
      name,
      ends.map(({ call }) => call),
    ),
    inputs: inputs.map(find),
    outputs: ends,
  };
}

/** The calls that the outputs need, each after those it reads and after the earlier calls of its layer. */
function inOrder(name: string, outputs: readonly OpenCall[]): readonly OpenCall[] {
  const order: OpenCall[] = [];
  const entered = new Set<OpenCall>();
  const left = new Set<OpenCall>();
  const path: { readonly call: OpenCall; readonly needed: readonly OpenCall[]; next: number }[] = [];
  const enter = (call: OpenCall): void => {
    if (left.has(call)) return;
    if (entered.has(call)) malformed(`Layer "${call.layer.name}" of "${name}" reads its own output.`);
    entered.add(call);
    const needed = [...(call.before ? [call.before] : []), ...call.inputs.map(input => input.call as OpenCall)];
    path.push({ call, needed, next: 0 });
  };
  for (const output of outputs) {
    enter(output);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const needed = step.needed[step.next++];
      if (needed) {
        enter(needed);
        continue;
      }
      path.pop();
      left.add(step.call);
      order.push(step.call);
    }
  }
  return order;
}
