import type * as tf from '@tensorflow/tfjs-layers';
import {
  type Arrangement,
  arranged,
  flattened,
  isChannelsFirst,
  isUnresolved,
  type State,
  sameOrder,
  type Traced,
  unresolved,
} from './arrangement.js';
import { concatenated, permuted, reshaped } from './reshape.js';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Layers that leave every entry where it is, or every channel. */
const keeping = words(
  'Activation ReLU LeakyReLU PReLU ELU ThresholdedReLU Softmax Dropout SpatialDropout1D GaussianNoise GaussianDropout AlphaDropout ' +
    'BatchNormalization LayerNormalization Masking Rescaling MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D ' +
    'AveragePooling3D ZeroPadding2D Cropping2D UpSampling2D Resizing CenterCrop RandomWidth',
);

/** Layers that mix channels of images, volumes and sequences. */
export const convolutions: ReadonlySet<string> = words(
  'Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D SeparableConv2D ConvLSTM2D',
);
const recurrent = words('RNN SimpleRNN GRU LSTM Bidirectional');
const merges = words('Add Multiply Average Maximum Minimum');
const globalPooling = words('GlobalAveragePooling1D GlobalAveragePooling2D GlobalMaxPooling1D GlobalMaxPooling2D');

/** True for layers that work on images with their channels first. */
export const worksChannelsFirst = (layer: tf.layers.Layer): boolean =>
  (layer as unknown as { readonly dataFormat?: unknown }).dataFormat === 'channelsFirst';

/** How the output of a layer lies in PyTorch's model, by its inputs. */
export function arrangeLayer(layer: tf.layers.Layer, inputs: readonly Traced[], dims: Traced['dims']): State {
  const kind = layer.getClassName();
  const [input] = inputs;
  if (!input) return arranged('given');
  if (kind === 'Concatenate') return concatenated(inputs, axisOf(layer, dims.length));
  if (merges.has(kind)) return merged(inputs, dims);
  const { state } = input;
  if (isUnresolved(state)) return state;
  if (convolutions.has(kind)) return arranged(worksChannelsFirst(layer) ? 'same' : 'channelsFirst');
  if (recurrent.has(kind) || kind === 'Embedding') return arranged('same');
  if (globalPooling.has(kind))
    return state.frames ? framed(kind) : arranged('same', worksChannelsFirst(layer) ? undefined : state.order);
  switch (kind) {
    case 'Dense':
      return denseOutput(state, input.dims);
    case 'Flatten':
      return flattened(worksChannelsFirst(layer) ? channelsLast(input) : input);
    case 'Reshape':
      return reshaped(input, dims);
    case 'Permute':
      return permuted(input, layer.getConfig().dims as number[]);
    case 'RepeatVector':
      return arranged('same', state.order);
    default:
  }
  const kept = keeping.has(kind);
  if (kept && state.frames && !sameShape(input.dims, dims)) return framed(kind);
  if (inputs.length === 1 && (kept || sameShape(input.dims, dims))) return state;
  if (inputs.every(alike => alike.dims.length === 1 && 'axes' in alike.state && !alike.state.order))
    return arranged('same');
  return unresolved(`what layers of class ${kind} do to the order of entries is not known`);
}

const framed = (kind: string): State => unresolved(`${kind} joins images that a TimeDistributed layer made`);

const sameShape = (a: Traced['dims'], b: Traced['dims']): boolean => a.join() === b.join();

function denseOutput(state: Arrangement, dims: Traced['dims']): State {
  if (dims.length === 1) return arranged('same');
  if (state.frames || isChannelsFirst(state, dims) || state.axes === 'unsure')
    return arranged('unsure', undefined, state.frames);
  return arranged(state.axes === 'given' ? 'same' : state.axes);
}

/** An image with its channels first, as `Flatten` puts them last before it flattens. */
function channelsLast({ state, dims }: Traced): Traced {
  const moved = [...dims.slice(1), dims[0] ?? null];
  if (isUnresolved(state) || state.order || state.frames)
    return { state: unresolved('its data format is channelsFirst'), dims: moved };
  return { state: arranged(isChannelsFirst(state, dims) ? 'unsure' : 'channelsFirst'), dims: moved };
}

function axisOf(layer: tf.layers.Layer, rank: number): number {
  const axis = layer.getConfig().axis as number;
  return axis < 0 ? rank + axis : axis - 1;
}

/** Entry by entry: what is brought together must lie in the same way. */
function merged(inputs: readonly Traced[], dims: Traced['dims']): State {
  const states: Arrangement[] = [];
  for (const { state, dims: own } of inputs) {
    if (isUnresolved(state)) return state;
    // A single number for every entry fits any order.
    if (own.some(side => side !== 1)) states.push(state);
  }
  const [first = arranged('same')] = states;
  if (dims.length > 1) {
    const alike = states.every(
      ({ axes, frames }) => sameAxes(axes, first.axes, dims) && (frames ?? 0) === (first.frames ?? 0),
    );
    if (!alike) return unresolved('it adds tensors that PyTorch holds in different ways');
  }
  if (states.every(({ order }) => sameOrder(order, first.order))) {
    const cautious = (['unsure', 'reshaped'] as const).find(one => states.some(({ axes }) => axes === one));
    return arranged(dims.length > 1 ? (cautious ?? first.axes) : 'same', first.order, first.frames);
  }
  return unresolved('it brings entries together that lie in different orders in PyTorch');
}

function sameAxes(a: Arrangement['axes'], b: Arrangement['axes'], dims: Traced['dims']): boolean {
  const first = (axes: Arrangement['axes']): boolean => isChannelsFirst({ axes }, dims);
  return first(a) === first(b) || a === 'unsure' || b === 'unsure';
}
