import { activation, plainNumber } from './option-classes.js';
import {
  anything,
  axis,
  count,
  counts,
  flag,
  harmless,
  integer,
  integers,
  isCount,
  type LayerOptionRule,
  type LayerOptionRules,
  number,
  oneOf,
  only,
  rate,
  read,
  renamed,
  unsupported,
} from './option-rule.js';
import { compressionOptions, kernelOptions, weightOptions } from './weight-options.js';

/** An option that old versions of Keras wrap in an object. */
const unwrapped =
  (rule: LayerOptionRule): LayerOptionRule =>
  (value, place) =>
    rule(plainNumber(value), place);

/** One number, or one for each channel. */
const numbers: LayerOptionRule = unwrapped(
  read('a number, or a list of numbers', value =>
    Array.isArray(value) ? value.length > 0 && value.every(Number.isFinite) : Number.isFinite(value),
  ),
);

/** Rows and columns around or of an image: one number, two, or two pairs. */
const border = read('a number, two numbers or two pairs of numbers', value => {
  const isSide = (side: unknown): boolean => side === 0 || isCount(side);
  const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2 && pair.every(isSide);
  return isSide(value) || isPair(value) || (Array.isArray(value) && value.length === 2 && value.every(isPair));
});

/** A factor for both axes as two numbers, which TensorFlow.js needs. */
const factors: LayerOptionRule = (value, place) => {
  const kept = counts(2)(value, place);
  return typeof value === 'number' ? { [place.option]: [value, value] } : kept;
};

/**
 * Bilinear values lie elsewhere in TensorFlow.js than in Keras, so only a network that comes from TensorFlow.js may
 * have them.
 */
const enlargement: LayerOptionRule = (value, place) => {
  if (value === 'bilinear' && place.origin !== 'tfjs')
    unsupported(value, place, 'TensorFlow.js takes other points than Keras; supported: "nearest"');
  return oneOf('nearest', 'bilinear')(value, place);
};

/** Layers on images that TensorFlow.js has under Keras's name, but computes in another way. */
const ownOnly =
  (rule: LayerOptionRule): LayerOptionRule =>
  (value, place) =>
    place.origin === 'tfjs'
      ? rule(value, place)
      : unsupported(value, place, 'TensorFlow.js computes this layer otherwise than Keras; prepare the images before');

const noise: LayerOptionRules = { seed: harmless };
const dropout: LayerOptionRules = { rate, seed: number, noise_shape: anything };
const factor = ownOnly(anything);
const resized: LayerOptionRules = {
  factor,
  interpolation: oneOf('nearest', 'bilinear'),
  seed: harmless,
  auto_vectorize: harmless,
};

/** All layers but convolutions, pooling and recurrent ones. */
export const otherOptions: Readonly<Record<string, LayerOptionRules>> = {
  InputLayer: {
    sparse: only(null, false),
    ragged: only(null, false),
    optional: only(null, false),
    type_spec: only(null),
  },
  Dense: { ...kernelOptions, ...compressionOptions, units: count, input_dim: count },
  Embedding: {
    ...weightOptions('embeddings'),
    ...compressionOptions,
    activity_regularizer: only(null),
    input_dim: count,
    output_dim: count,
    input_length: anything,
    mask_zero: flag,
    sparse: only(null, false),
  },
  EinsumDense: {
    activation,
    equation: anything,
    output_shape: anything,
    bias_axes: anything,
    ...weightOptions('kernel'),
    ...weightOptions('bias'),
    ...compressionOptions,
    activity_regularizer: only(null),
  },
  Activation: { activation },
  ReLU: {
    max_value: unwrapped(number),
    negative_slope: unwrapped(only(null, 0)),
    threshold: unwrapped(only(null, 0)),
  },
  LeakyReLU: { alpha: unwrapped(number), negative_slope: renamed('alpha', unwrapped(number)) },
  PReLU: { ...weightOptions('alpha'), shared_axes: anything },
  ELU: { alpha: unwrapped(only(null, 1)) },
  ThresholdedReLU: { theta: unwrapped(number) },
  Softmax: { axis },
  Dropout: dropout,
  SpatialDropout1D: { rate, seed: number, noise_shape: only(null) },
  SpatialDropout2D: {
    rate,
    seed: harmless,
    noise_shape: only(null),
    data_format: oneOf('channels_last', 'channels_first'),
  },
  AlphaDropout: dropout,
  GaussianDropout: { rate, ...noise },
  GaussianNoise: { stddev: number, ...noise },
  ActivityRegularization: { l1: harmless, l2: harmless },
  BatchNormalization: {
    axis,
    momentum: number,
    epsilon: number,
    center: flag,
    scale: flag,
    ...weightOptions('beta'),
    ...weightOptions('gamma'),
    ...weightOptions('moving_mean', 'constraint'),
    ...weightOptions('moving_variance', 'constraint'),
    renorm: only(null, false),
    renorm_clipping: harmless,
    renorm_momentum: harmless,
    virtual_batch_size: only(null),
    adjustment: only(null),
    synchronized: only(null, false),
    fused: harmless,
  },
  LayerNormalization: {
    axis: (value, place) => (Array.isArray(value) ? integers : integer)(value, place),
    epsilon: number,
    center: flag,
    scale: flag,
    ...weightOptions('beta', 'constraint'),
    ...weightOptions('gamma', 'constraint'),
    rms_scaling: only(null, false),
  },
  Add: {},
  Multiply: {},
  Average: {},
  Maximum: {},
  Minimum: {},
  Concatenate: { axis },
  Dot: { axes: (value, place) => (Array.isArray(value) ? integers : integer)(value, place), normalize: flag },
  Flatten: { data_format: oneOf('channels_last', 'channels_first') },
  Reshape: { target_shape: anything },
  Permute: { dims: integers },
  RepeatVector: { n: count },
  Masking: { mask_value: unwrapped(number) },
  ZeroPadding2D: { padding: border, data_format: oneOf('channels_last', 'channels_first') },
  Cropping2D: { cropping: border, data_format: oneOf('channels_last', 'channels_first') },
  UpSampling2D: { size: factors, data_format: oneOf('channels_last', 'channels_first'), interpolation: enlargement },
  Rescaling: { scale: numbers, offset: numbers },
  CenterCrop: { height: ownOnly(count), width: count },
  Resizing: {
    height: ownOnly(count),
    width: count,
    interpolation: oneOf('nearest', 'bilinear'),
    crop_to_aspect_ratio: only(null, false),
    pad_to_aspect_ratio: only(null, false),
    fill_mode: harmless,
    fill_value: harmless,
    antialias: only(null, false),
    data_format: only(null, 'channels_last'),
  },
  RandomHeight: resized,
  RandomWidth: resized,
  CategoryEncoding: {
    num_tokens: count,
    output_mode: oneOf('multi_hot', 'one_hot', 'count'),
    sparse: only(null, false),
  },
};
