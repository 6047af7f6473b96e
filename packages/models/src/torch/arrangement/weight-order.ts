import type * as tf from '@tensorflow/tfjs-layers';
import { TorchOrderError } from '../errors.js';
import { convolutions, worksChannelsFirst } from './arrange-layer.js';
import { isUnresolved, type State, sameOrder, type Traced, unresolved } from './arrangement.js';

/** Layers with a value for each feature or channel. */
const vectors: ReadonlySet<string> = new Set(['BatchNormalization', 'LayerNormalization', 'PReLU']);

/**
 * The order in PyTorch of what a layer's weights belong to, its inputs: entry `i` here is PyTorch's entry `order[i]`.
 * Undefined where both are the same. Throws {@link TorchOrderError} where it is not known, or where several calls
 * differ.
 */
export function weightOrder(layer: tf.layers.Layer, calls: readonly Traced[], name: string): Uint32Array | undefined {
  const kind = layer.getClassName();
  if (kind !== 'Dense' && !convolutions.has(kind) && !vectors.has(kind)) return undefined;
  const [first, ...others] = calls.map(call => orderOf(layer, kind, call, name));
  for (const other of others) {
    if (!sameOrder(first, other))
      throw new TorchOrderError(name, 'it is called several times, with features in different orders');
  }
  return first;
}

function orderOf(layer: tf.layers.Layer, kind: string, call: Traced, name: string): Uint32Array | undefined {
  const state = convolutions.has(kind) ? imageState(layer, call) : call.state;
  if (isUnresolved(state)) throw new TorchOrderError(name, state.unresolved);
  const { order } = state;
  if (!order) return undefined;
  const last = vectors.has(kind) ? isLastAxis(layer, call.dims.length) : !/Depthwise|Separable|Transpose/.test(kind);
  if (!last) throw new TorchOrderError(name, 'its channels come from a flattened image');
  return order;
}

/** A convolution needs an image, a volume or a sequence. */
function imageState(layer: tf.layers.Layer, { state, dims }: Traced): State {
  if (isUnresolved(state)) return state;
  if (state.axes === 'reshaped') {
    return unresolved(
      'it works on what a Reshape made of a vector, which PyTorch fills channel by channel: let the Reshape give ' +
        '[channels, height, width] and a Permute with dims [2, 3, 1] follow it',
    );
  }
  const plain = state.axes === 'same' && dims.length > 2 && !worksChannelsFirst(layer);
  return plain ? unresolved('its input has channels first, as far as can be told') : state;
}

function isLastAxis(layer: tf.layers.Layer, rank: number): boolean {
  const { axis } = layer.getConfig();
  const axes = (Array.isArray(axis) ? axis : [axis ?? -1]) as number[];
  return axes.length === 1 && (axes[0] === -1 || axes[0] === rank);
}
