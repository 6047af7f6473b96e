import type * as tf from '@tensorflow/tfjs-layers';
import type { Leaf } from '../../leaves.js';
import { type Calls, traceCalls } from './trace.js';
import { weightOrder } from './weight-order.js';

/** A variable of a layer; tfjs exports no type for it. */
type LayerVariable = tf.LayersModel['weights'][number];

/** A weight of a model and how PyTorch stores it. */
export interface Slot {
  /** Our stable name, `layer1_0_conv1/kernel`. */
  readonly name: string;
  readonly leaf: Leaf;
  /** True for weights of dense layers. */
  readonly dense: boolean;
  /** PyTorch's name of the parameter: `weight`, `running_mean` and so on. */
  readonly parameter: string;
  readonly variable: LayerVariable;
  /** PyTorch's shapes; a linear layer may also be stored as a 1x1 convolution, and the other way round. */
  readonly shapes: readonly (readonly number[])[];
  /** PyTorch's order of entries, `[outputs][inputs][positions]`, ours is `[positions][inputs][outputs]`. */
  readonly order: Order;
}

/** A weight of a kind that PyTorch's nets here do not have. */
export interface UnknownWeight {
  readonly name: string;
  readonly leaf: Leaf;
}

/** Sizes of the three groups of axes that change places. */
export interface Order {
  readonly outputs: number;
  readonly inputs: number;
  readonly positions: number;
  /** Our input `i` is PyTorch's input `from[i]`; for vectors, our entry. Left out where they are the same. */
  readonly from?: Uint32Array;
}

type Layout = Pick<Slot, 'parameter' | 'shapes' | 'order'>;

/** Every weight of these layers of a model. */
export function slotsOf(model: tf.LayersModel, leaves: readonly Leaf[]): (Slot | UnknownWeight)[] {
  const calls = traceCalls(
    model,
    leaves.map(({ layer }) => layer),
  );
  return leaves.flatMap(leaf => slotsOfLeaf(leaf, calls));
}

/** True for weights that PyTorch's nets have. */
export const isSlot = (slot: Slot | UnknownWeight): slot is Slot => 'parameter' in slot;

function slotsOfLeaf(leaf: Leaf, calls: Calls): (Slot | UnknownWeight)[] {
  const { layer } = leaf;
  if (layer.weights.length === 0) return [];
  const dense = layer.getClassName() === 'Dense';
  const from = weightOrder(layer, calls.get(layer) ?? [], leaf.path.join('/'));
  return layer.weights.map(variable => {
    const name = variable.originalName;
    const layout = layoutOf(layer, name.slice(name.lastIndexOf('/') + 1), variable.shape as number[], from);
    return layout ? { name, leaf, dense, variable, ...layout } : { name, leaf };
  });
}

/** Names of vectors, in Keras and in PyTorch. */
const vectors: ReadonlyMap<string, string> = new Map([
  ['bias', 'bias'],
  ['gamma', 'weight'],
  ['beta', 'bias'],
  ['moving_mean', 'running_mean'],
  ['moving_variance', 'running_var'],
]);

function layoutOf(
  layer: tf.layers.Layer,
  kind: string,
  shape: readonly number[],
  from: Uint32Array | undefined,
): Layout | undefined {
  const last = shape.at(-1) ?? 1;
  const ordered = from ? { from } : {};
  const vector = vectors.get(kind) ?? (kind === 'alpha' ? 'weight' : undefined);
  if (vector !== undefined) {
    const shared = shape.slice(0, -1).every(side => side === 1);
    if (shape.length !== 1 && !(kind === 'alpha' && shared)) return undefined;
    const own = kind === 'bias' ? {} : ordered;
    return { parameter: vector, shapes: [[last]], order: { outputs: last, inputs: 1, positions: 1, ...own } };
  }
  if (kind === 'embeddings') {
    return { parameter: 'weight', shapes: [shape], order: { outputs: 1, inputs: 1, positions: shape[0] ?? 1 } };
  }
  if (kind === 'depthwise_kernel' && layer.getClassName() === 'DepthwiseConv2D') {
    const [height = 1, width = 1, channels = 1] = shape;
    const order = { outputs: channels * last, inputs: 1, positions: height * width };
    return { parameter: 'weight', shapes: [[channels * last, 1, height, width]], order };
  }
  const [inputs = 1] = shape.slice(-2);
  if (kind !== 'kernel') return undefined;
  if (layer.getClassName() === 'Dense') {
    const shapes = [
      [last, inputs],
      [last, inputs, 1, 1],
    ];
    return { parameter: 'weight', shapes, order: { outputs: last, inputs, positions: 1, ...ordered } };
  }
  if (!/^Conv\d/.test(layer.getClassName())) return undefined;
  const spatial = shape.slice(0, -2);
  const positions = spatial.reduce((size, side) => size * side, 1);
  return {
    parameter: 'weight',
    shapes: [[last, inputs, ...spatial], ...(positions === 1 ? [[last, inputs]] : [])],
    order: { outputs: last, inputs, positions, ...ordered },
  };
}
