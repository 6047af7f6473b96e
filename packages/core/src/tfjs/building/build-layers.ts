import { serialization } from '@tensorflow/tfjs-core';
import type * as layers from '@tensorflow/tfjs-layers';
import { EspalierError } from '../../errors/espalier-error.js';
import { InvalidTopologyError } from '../../errors/topology-errors.js';
import { malformed, type TopologyFields } from '../../topology/fields/fields.js';
import type { TopologyOrigin } from '../../topology/fields/origin.js';
import { type CallOutput, type TopologyCall, TopologyLayer } from '../../topology/topology-layer.js';
import { camelCased } from './camel-case.js';
import { fitToInput } from './fit-to-input.js';
import type { LayerSizes } from './layer-sizes.js';
import type { WeightShape } from './stored-weights.js';

type Layer = layers.layers.Layer;
type SymbolicTensor = layers.SymbolicTensor;
/** What TensorFlow.js has under a name: a class, and the way from a configuration to an instance. */
type Registered = [new (args: object) => unknown, (of: unknown, config: object) => unknown];

/** True for classes that TensorFlow.js has or that were registered. */
export const isRegistered = (className: string): boolean =>
  Object.hasOwn(serialization.SerializationMap.getMap().classNameMap, className);

/** Makes the layers of a topology that was read, and calls them. */
export class LayerBuilder {
  constructor(
    readonly tf: typeof layers,
    readonly sizes: LayerSizes,
    readonly weights: ReadonlyMap<string, WeightShape>,
    readonly origin: TopologyOrigin,
  ) {}

  /** The layer, or the network in its place. */
  build(layer: TopologyLayer): Layer {
    const { network } = layer;
    if (network?.kind === 'sequential') return this.#sequential(layer, network.layers);
    if (network?.kind === 'functional') return this.#functional(layer, network);
    return this.#attempt(layer, 'make', () => {
      let hasInner = false;
      const args = camelCased(this.#complete(layer), value => {
        if (!(value instanceof TopologyLayer)) return undefined;
        hasInner = true;
        return this.build(value);
      }) as object;
      const [of, fromConfig] = registered(layer.className);
      const made = hasInner ? new of(args) : fromConfig(of, args);
      return made instanceof this.tf.layers.Layer ? made : malformed(`"${layer.className}" is no layer.`);
    });
  }

  /** TensorFlow.js does not write the `depth_multiplier` of a `SeparableConv2D`; its weights have it. */
  #complete({ name, className, config }: TopologyLayer): TopologyFields {
    if (className !== 'SeparableConv2D' || 'depth_multiplier' in config) return config;
    const multiplier = this.weights.get(`${name}/depthwise_kernel`)?.shape[3];
    return multiplier === undefined ? config : { ...config, depth_multiplier: multiplier };
  }

  #sequential(network: TopologyLayer, inner: readonly TopologyLayer[]): Layer {
    const model = this.tf.sequential({ name: network.name });
    for (const layer of inner) {
      const made = this.build(layer);
      const shape = model.outputs?.[0]?.shape ?? made.batchInputShape;
      if (shape) fitToInput({ layer, instance: made, shape, origin: this.origin });
      this.#attempt(layer, 'add', () => model.add(made));
      this.sizes.add(layer.name, model.outputs);
    }
    return model;
  }

  #functional(network: TopologyLayer, { calls, inputs, outputs }: Functional): Layer {
    const made = new Map<TopologyLayer, Layer>();
    const results = new Map<TopologyCall, readonly SymbolicTensor[]>();
    const resultOf = ({ call, tensor }: CallOutput): SymbolicTensor =>
      results.get(call)?.[tensor] ??
      malformed(`"${network.name}" uses output ${tensor} of layer "${call.layer.name}", which has none.`);
    for (const call of [...calls, ...inputs.map(input => input.call)]) {
      if (results.has(call)) continue;
      const { layer } = call;
      const instance = made.get(layer) ?? this.build(layer);
      made.set(layer, instance);
      const read = call.inputs.map(resultOf);
      const result = this.#attempt(layer, 'call', () => this.#call(instance, layer, read));
      this.sizes.add(layer.name, result);
      results.set(call, result);
    }
    return this.#attempt(network, 'join', () => {
      const [of] = registered(network.className);
      const args = { name: network.name, inputs: inputs.map(resultOf), outputs: outputs.map(resultOf) };
      return new of(args) as Layer;
    });
  }

  #call(instance: Layer, layer: TopologyLayer, read: SymbolicTensor[]): SymbolicTensor[] {
    const { name, className } = layer;
    const [first, ...others] = read;
    if (first !== undefined) fitToInput({ layer, instance, shape: first.shape, origin: this.origin });
    if (first !== undefined) return [instance.apply(others.length === 0 ? first : read)].flat() as SymbolicTensor[];
    return className === 'InputLayer' ? [instance.output].flat() : malformed(`Layer "${name}" reads nothing.`);
  }

  /** Says which layer it was that TensorFlow.js did not take. */
  #attempt<T>({ name, className }: TopologyLayer, what: string, step: () => T): T {
    try {
      return step();
    } catch (cause) {
      if (EspalierError.isInstance(cause)) throw cause;
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new InvalidTopologyError(`TensorFlow.js cannot ${what} layer "${name}" (${className}): ${problem}`, {
        cause,
      });
    }
  }
}

type Functional = Extract<NonNullable<TopologyLayer['network']>, { kind: 'functional' }>;

const registered = (className: string): Registered =>
  serialization.SerializationMap.getMap().classNameMap[className] as unknown as Registered;
