import { UnregisteredClassError, UnsupportedLayerOptionError } from '../errors/topology-errors.js';
import { asFields, asList, asName, malformed, type TopologyFields } from './fields/fields.js';
import { functionalNetwork } from './functional-network.js';
import { type LayerReading, plainConfig } from './layer-options/plain-layer.js';
import { TopologyLayer, type TopologyNetwork } from './topology-layer.js';

/** What may be read of one topology. */
export interface NetworkReading extends Omit<LayerReading, 'nested'> {
  /**
   * Takes what is wrong with a layer's options, in place of an error; the layer is then read as one without options.
   */
  readonly refused?: ((error: UnsupportedLayerOptionError) => void) | undefined;
  /** Most layers, those of networks inside too. */
  readonly mostLayers: number;
}

/** Deepest nesting of networks and wrappers, and the most calls of layers that one call of the whole network makes. */
const [deepest, mostCalls] = [20, 20_000];

const networkClasses: readonly string[] = ['Sequential', 'Model', 'Functional'];

/** True for classes of networks, which hold layers. */
export const isNetworkClass = (className: string): boolean => networkClasses.includes(className);

/** What of a layer's configuration says what the network reads. */
const shapesOf = ({
  batch_input_shape = null,
  batch_shape = null,
  input_shape = null,
}: TopologyFields): TopologyFields => ({
  batch_input_shape,
  batch_shape,
  input_shape,
});

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
      return plainConfig(
        { name: layer.name, className: 'InputLayer', config: shapesOf(layer.config) },
        { ...this.reading, nested },
      );
    }
  }

  #checked(name: string, cost: number): number {
    return cost <= mostCalls ? cost : malformed(`One call of "${name}" calls over ${mostCalls} layers.`);
  }

  #network(name: string, className: string, config: TopologyFields, depth: number, frozen: boolean): TopologyNetwork {
    const entries = asList(config.layers, `list of layers of "${name}"`);
    if (entries.length === 0) malformed(`The network "${name}" has no layers.`);
    const layers = entries.map((entry, index) => {
      const layer = this.layer(entry, `layer ${index} of "${name}"`, depth + 1, frozen);
      const given = className === 'Sequential' ? index > 0 : isCalled(asFields(entry, 'layer').inbound_nodes);
      return given ? withoutInput(layer) : layer;
    });
    const names = new Set<string>();
    for (const layer of layers) {
      if (names.has(layer.name)) malformed(`Two layers of "${name}" are called "${layer.name}".`);
      names.add(layer.name);
    }
    if (className === 'Sequential') return { kind: 'sequential', layers: withInput(layers, config.build_input_shape) };
    return functionalNetwork(
      name,
      config,
      layers,
      entries.map(entry => asFields(entry, 'layer').inbound_nodes),
    );
  }
}

/** Whether a layer of a functional network is given the output of another one. */
const isCalled = (nodes: unknown): boolean => Array.isArray(nodes) && nodes.length > 0;

/**
 * Without the shape of an input: a layer that is given another one's output has none, but files say one where the layer
 * was once the first, and TensorFlow.js warns of it.
 */
function withoutInput(layer: TopologyLayer): TopologyLayer {
  if (layer.network || layer.className === 'InputLayer' || !('batch_input_shape' in layer.config)) return layer;
  const { batch_input_shape: _, ...config } = layer.config;
  return new TopologyLayer(layer.name, layer.className, config, undefined, layer.cost);
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
