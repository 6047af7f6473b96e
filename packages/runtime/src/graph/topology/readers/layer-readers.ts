import { show } from '../../show.js';
import type { Fields } from '../fields.js';
import { type LayerReader, onlyInput, refuse, settledInput, viewedShape } from '../layer-call.js';
import { activationRefusal, addSoftmax, readActivation } from './activation.js';
import { readCropping, readRowBorder, readZeroPadding } from './read-border.js';
import { readConvolution, readDepthwise, readSeparable } from './read-convolution.js';
import { readDense } from './read-dense.js';
import { readAverage, readConcatenate, readDot, readMerge } from './read-merge.js';
import { readNormalization } from './read-normalization.js';
import { readGlobalPool, readGlobalRowPool, readPool, readRowPool } from './read-pool.js';
import { readElu, readLeaky, readPrelu, readReLU, readThresholded } from './read-rectifier.js';
import { readRowConvolution, readRowDepthwise, readRowSeparable } from './read-row-convolution.js';
import { readKerasNormalization, readRescaling } from './read-scaling.js';
import { readFlatten, readPermute, readRepeat, readReshape } from './read-shape.js';
import { readTransposed } from './read-transposed.js';
import { readRowUpsampling, readUpsampling } from './read-upsampling.js';

const readSoftmax: LayerReader = call => {
  const value = settledInput(call);
  const { axis = -1 } = call.config;
  if (axis !== -1 && axis !== viewedShape(call, value).length) refuse(`axis ${show(axis)}; supported is the last one`);
  return { ...value, node: addSoftmax(call, value.node) };
};

const onlyInTraining = [
  ...['Dropout', 'SpatialDropout1D', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'],
  'ActivityRegularization',
];

/** Readers by class name. Layers that only act in training give what they read. */
const readers: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ['Conv2D', readConvolution],
  ['DepthwiseConv2D', readDepthwise],
  ['SeparableConv2D', readSeparable],
  ['Conv2DTranspose', readTransposed],
  ['Conv1D', readRowConvolution],
  ['DepthwiseConv1D', readRowDepthwise],
  ['SeparableConv1D', readRowSeparable],
  ['Dense', readDense],
  ['BatchNormalization', readNormalization],
  ['Rescaling', readRescaling],
  ['Normalization', readKerasNormalization],
  ['Activation', call => readActivation(call, onlyInput(call))],
  ['ReLU', readReLU],
  ['LeakyReLU', readLeaky],
  ['PReLU', readPrelu],
  ['ELU', readElu],
  ['ThresholdedReLU', readThresholded],
  ['Softmax', readSoftmax],
  ['Add', readMerge('add')],
  ['Subtract', readMerge('subtract')],
  ['Multiply', readMerge('multiply')],
  ['Maximum', readMerge('maximum')],
  ['Minimum', readMerge('minimum')],
  ['Average', readAverage],
  ['Dot', readDot],
  ['Concatenate', readConcatenate],
  ['MaxPooling2D', readPool('max')],
  ['AveragePooling2D', readPool('average')],
  ['MaxPooling1D', readRowPool('max')],
  ['AveragePooling1D', readRowPool('average')],
  ['GlobalMaxPooling2D', readGlobalPool('max')],
  ['GlobalAveragePooling2D', readGlobalPool('average')],
  ['GlobalMaxPooling1D', readGlobalRowPool('max')],
  ['GlobalAveragePooling1D', readGlobalRowPool('average')],
  ['ZeroPadding2D', readZeroPadding],
  ['ZeroPadding1D', readRowBorder('zeroPadding')],
  ['Cropping2D', readCropping],
  ['Cropping1D', readRowBorder('crop')],
  ['UpSampling2D', readUpsampling],
  ['UpSampling1D', readRowUpsampling],
  ['Flatten', readFlatten],
  ['Reshape', readReshape],
  ['Permute', readPermute],
  ['RepeatVector', readRepeat],
  ...onlyInTraining.map((name): [string, LayerReader] => [name, onlyInput]),
]);

/** Names of all classes that are supported. */
export const layerClasses: readonly string[] = [...readers.keys()];

/** The reader of a class. */
export function readerOf(className: string): LayerReader | undefined {
  return readers.get(className);
}

/** What is wrong with a layer whatever it reads, if anything. */
export function staticRefusal(config: Fields): string | undefined {
  if (config.data_format === 'channels_first') return 'data_format channels_first; supported is channels_last';
  const { padding } = config;
  if (typeof padding === 'string' && padding !== 'same' && padding !== 'valid')
    return `padding ${show(padding)}; supported are "same" and "valid"`;
  return activationRefusal(config);
}

/** Options that are carried out here, or refused for reasons of their own, though TensorFlow.js drops them. */
const own: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['groups'],
  DepthwiseConv2D: ['dilation_rate'],
  GlobalMaxPooling2D: ['keepdims'],
  GlobalAveragePooling2D: ['keepdims'],
  GlobalMaxPooling1D: ['keepdims'],
  GlobalAveragePooling1D: ['keepdims'],
  ReLU: ['negative_slope', 'threshold'],
  ELU: ['alpha'],
  UpSampling2D: ['interpolation'],
};

/** True for options that TensorFlow.js may not have: those above, and what weights start from and are trained with. */
export function carriesOut(className: string, option: string): boolean {
  if (option !== 'activity_regularizer' && /_(initializer|regularizer|constraint)$/.test(option)) return true;
  return Object.hasOwn(own, className) && (own[className]?.includes(option) ?? false);
}
