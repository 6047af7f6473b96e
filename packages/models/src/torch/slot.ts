import type * as tf from '@tensorflow/tfjs-layers';

/** A variable of a layer; tfjs exports no type for it. */
type LayerVariable = tf.LayersModel['weights'][number];

/** A weight of a model and how PyTorch stores it. */
export interface Slot {
  /** Our stable name, `layer1_0_conv1/kernel`. */
  readonly name: string;
  readonly layer: string;
  /** True for weights of dense layers. */
  readonly dense: boolean;
  /** PyTorch's name of the parameter: `weight`, `running_mean` and so on. */
  readonly parameter: string;
  readonly variable: LayerVariable;
  /** PyTorch's shapes; a linear layer may also be stored as a 1x1 convolution. */
  readonly shapes: readonly (readonly number[])[];
  /** PyTorch's order of entries, `[outputs][inputs][positions]`, ours is `[positions][inputs][outputs]`. */
  readonly order: Order;
}

/** Sizes of the three groups of axes that change places. */
export interface Order {
  readonly outputs: number;
  readonly inputs: number;
  readonly positions: number;
}

type Layout = Pick<Slot, 'parameter' | 'shapes' | 'order'>;

/** Every weight of a layer, only its name where it is of a kind that PyTorch's nets here do not have. */
export function slotsOf(layer: tf.layers.Layer): (Slot | string)[] {
  const dense = layer.getClassName() === 'Dense';
  return layer.weights.map(variable => {
    const name = variable.originalName;
    const layout = layoutOf(layer, name.slice(name.lastIndexOf('/') + 1), variable.shape as number[]);
    return layout ? { name, layer: layer.name, dense, variable, ...layout } : name;
  });
}

/** What a weight and a stored parameter that belong together have in common. */
export const keyOf = (slot: Slot | string): string =>
  typeof slot === 'string' ? slot : `${slot.layer}/${slot.parameter}`;

/** Names of vectors, in Keras and in PyTorch. */
const vectors: ReadonlyMap<string, string> = new Map([
  ['bias', 'bias'],
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
]);

function layoutOf(layer: tf.layers.Layer, kind: string, shape: readonly number[]): Layout | undefined {
  const [a = 1, b = 1, c = 1, d = 1] = shape;
  const vector = vectors.get(kind);
  if (vector) return { parameter: vector, shapes: [shape], order: { outputs: a, inputs: 1, positions: 1 } };
  if (kind === 'depthwise_kernel') {
    const order = { outputs: c * d, inputs: 1, positions: a * b };
    return { parameter: 'weight', shapes: [[c * d, 1, a, b]], order };
  }
  if (kind !== 'kernel') return undefined;
  if (shape.length === 4) {
    return { parameter: 'weight', shapes: [[d, c, a, b]], order: { outputs: d, inputs: c, positions: a * b } };
  }
  if (shape.length !== 2) return undefined;
  const positions = flattenedPositions(layer);
  const shapes = [
    [b, a],
    [b, a, 1, 1],
  ];
  return { parameter: 'weight', shapes, order: { outputs: b, inputs: a / positions, positions } };
}

/** Height times width of the image that a dense layer sees flattened, 1 where it sees none: PyTorch flattens channels first. */
function flattenedPositions(layer: tf.layers.Layer): number {
  const { sourceLayer, inputs } = layer.input as tf.SymbolicTensor;
  const image = inputs[0]?.shape;
  if (sourceLayer?.getClassName() !== 'Flatten' || image?.length !== 4) return 1;
  return (image[1] as number) * (image[2] as number);
}
