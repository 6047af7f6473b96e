import { count, counts, harmless, type LayerOptionRules, oneOf, only } from './option-rule.js';
import { compressionOptions, kernelOptions, weightOptions } from './weight-options.js';

const padding = oneOf('same', 'valid');
const dataFormat = oneOf('channels_last', 'channels_first');
const lastOnly = only(null, 'channels_last');
const noDilation = only(null, 1, [1], [1, 1], [1, 1, 1]);
const oneGroup = only(null, 1);

/** Options that all convolutions over so many axes have. */
const common = (axes: number): LayerOptionRules => ({
  ...kernelOptions,
  ...compressionOptions,
  kernel_size: counts(axes),
  strides: counts(axes),
  padding,
  data_format: dataFormat,
  dilation_rate: counts(axes),
  groups: oneGroup,
});

const convolution = (axes: number): LayerOptionRules => ({ ...common(axes), filters: count });

const transposed = (axes: number): LayerOptionRules => ({
  ...convolution(axes),
  dilation_rate: noDilation,
  output_padding: only(null),
});

const pooling = (axes: number): LayerOptionRules => ({
  pool_size: counts(axes),
  strides: counts(axes),
  padding,
  data_format: axes === 1 ? lastOnly : dataFormat,
});

const globalPooling = (axes: number): LayerOptionRules => ({
  data_format: axes === 1 ? lastOnly : dataFormat,
  keepdims: only(null, false),
});

/** Convolutions and pooling. */
export const convolutionOptions: Readonly<Record<string, LayerOptionRules>> = {
  // TensorFlow.js turns the input of a Conv1D with the channels first, but not its output back.
  Conv1D: { ...convolution(1), data_format: lastOnly },
  Conv2D: convolution(2),
  Conv3D: convolution(3),
  Conv2DTranspose: transposed(2),
  Conv3DTranspose: transposed(3),
  SeparableConv2D: {
    ...convolution(2),
    data_format: lastOnly,
    depth_multiplier: count,
    ...weightOptions('depthwise'),
    ...weightOptions('pointwise'),
    // Keras writes those of its base class, of which there is no kernel.
    kernel_initializer: harmless,
    kernel_regularizer: harmless,
    kernel_constraint: harmless,
  },
  DepthwiseConv2D: {
    ...common(2),
    dilation_rate: noDilation,
    depth_multiplier: count,
    ...weightOptions('depthwise'),
  },
  MaxPooling1D: pooling(1),
  MaxPooling2D: pooling(2),
  MaxPooling3D: pooling(3),
  AveragePooling1D: pooling(1),
  AveragePooling2D: pooling(2),
  AveragePooling3D: pooling(3),
  GlobalMaxPooling1D: globalPooling(1),
  GlobalMaxPooling2D: globalPooling(2),
  GlobalAveragePooling1D: globalPooling(1),
  GlobalAveragePooling2D: globalPooling(2),
};
