import type { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';

export type Layer = layers.Layer;
/** Sizes of a value; `null` where it is open, as the first one, the examples, always is. */
export type Shape = (number | null)[];

/** One call of a layer: the values that it reads and makes. */
export interface LayerCall {
  readonly layer: Layer;
  readonly reads: readonly SymbolicTensor[];
  readonly makes: readonly SymbolicTensor[];
}

/** The calls of a network, in an order in which each finds what it reads. */
export interface Network {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly calls: readonly LayerCall[];
}

/** What TensorFlow.js keeps of a network without showing it in its types. */
interface Container {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  readonly nodesByDepth?: Readonly<Record<string, readonly NetworkNode[]>>;
  /** A Sequential network is a functional one that it makes when it is built. */
  readonly model?: Container | null;
  build(): void;
}

interface NetworkNode {
  readonly outboundLayer: Layer;
  readonly inputTensors: readonly SymbolicTensor[];
  readonly outputTensors: readonly SymbolicTensor[];
}

/** The network that a layer is, if it is one. */
export function networkOf(layer: Layer): Network | undefined {
  const container = layer as unknown as Container;
  if (!('layers' in layer)) return undefined;
  if (layer.getClassName() === 'Sequential' && !container.model) container.build();
  const { inputs, outputs, nodesByDepth = {} } = container.model ?? container;
  const depths = Object.keys(nodesByDepth).sort((a, b) => Number(b) - Number(a));
  const calls = depths
    .flatMap(depth => nodesByDepth[depth] ?? [])
    .filter(node => node.outboundLayer.getClassName() !== 'InputLayer')
    .map(node => ({ layer: node.outboundLayer, reads: node.inputTensors, makes: node.outputTensors }));
  return { inputs, outputs, calls };
}

/** The layers that a wrapper calls, and what each of them is given. */
export function wrappedLayers(
  layer: Layer,
): { readonly layers: readonly Layer[]; readonly input: (shape: Shape) => Shape } | undefined {
  const wrapper = layer as Layer & { layer?: Layer; forwardLayer?: Layer; backwardLayer?: Layer };
  switch (layer.getClassName()) {
    case 'TimeDistributed':
      return wrapper.layer && { layers: [wrapper.layer], input: ([examples = null, , ...rest]) => [examples, ...rest] };
    case 'Bidirectional':
      return {
        layers: [wrapper.forwardLayer, wrapper.backwardLayer].filter(inner => inner !== undefined),
        input: shape => shape,
      };
    default:
      return undefined;
  }
}

/** Shapes of values. */
export function shapesOf(tensors: readonly SymbolicTensor[]): Shape[] {
  return tensors.map(tensor => [...tensor.shape]);
}
