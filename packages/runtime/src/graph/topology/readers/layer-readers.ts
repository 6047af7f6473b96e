import { show } from '../../show.js';
import type { Fields } from '../fields.js';
import { type LayerReader, onlyInput, refuse } from '../layer-call.js';
import { activationRefusal, addSoftmax, readActivation } from './activation.js';
import { readConvolution, readDepthwise, readSeparable } from './read-convolution.js';
import { readDense } from './read-dense.js';
import { readAdd, readConcatenate } from './read-merge.js';
import { readNormalization } from './read-normalization.js';
import { readGlobalPool, readPool } from './read-pool.js';
import { readFlatten, readPermute, readReshape } from './read-shape.js';
import { readZeroPadding } from './read-zero-padding.js';

const readReLU: LayerReader = call => {
  const { max_value: limit = null, negative_slope: slope = 0, threshold = 0 } = call.config;
  if (limit !== null && limit !== 6) refuse(`max_value ${show(limit)}; supported are none and 6`);
  if ((slope !== 0 && slope !== null) || (threshold !== 0 && threshold !== null))
    refuse('a negative slope or a threshold');
  const activation = limit === 6 ? 'relu6' : 'relu';
  return readActivation({ ...call, config: { activation } }, onlyInput(call));
};

const readSoftmax: LayerReader = call => {
  const value = onlyInput(call);
  const { axis = -1 } = call.config;
  const lastAxis = value.view === 'pixel' ? 3 : 1;
  if (axis !== -1 && axis !== lastAxis) refuse(`axis ${show(axis)}; supported is that of a vector`);
  return { ...value, node: addSoftmax(call, value) };
};

/** Readers by class name. Layers that only act in training give what they read. */
const readers: ReadonlyMap<string, LayerReader> = new Map<string, LayerReader>([
  ['Conv2D', readConvolution],
  ['DepthwiseConv2D', readDepthwise],
  ['SeparableConv2D', readSeparable],
  ['Dense', readDense],
  ['BatchNormalization', readNormalization],
  ['Activation', call => readActivation(call, onlyInput(call))],
  ['ReLU', readReLU],
  ['Softmax', readSoftmax],
  ['Add', readAdd],
  ['Concatenate', readConcatenate],
  ['MaxPooling2D', readPool('max')],
  ['AveragePooling2D', readPool('average')],
  ['GlobalMaxPooling2D', readGlobalPool('max')],
  ['GlobalAveragePooling2D', readGlobalPool('average')],
  ['ZeroPadding2D', readZeroPadding],
  ['Flatten', readFlatten],
  ['Reshape', readReshape],
  ['Permute', readPermute],
  ...['Dropout', 'SpatialDropout2D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise', 'ActivityRegularization'].map(
    (name): [string, LayerReader] => [name, onlyInput],
  ),
]);

/** The reader of a class. */
export function readerOf(className: string): LayerReader | undefined {
  return readers.get(className);
}

/** What is wrong with a layer whatever it reads, if anything. */
export function staticRefusal(config: Fields): string | undefined {
  if (config.data_format === 'channels_first') return 'data_format channels_first; supported is channels_last';
  return activationRefusal(config);
}

/** Options that are carried out here, or refused for reasons of their own, though TensorFlow.js drops them. */
const own: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['groups'],
  DepthwiseConv2D: ['dilation_rate'],
  GlobalMaxPooling2D: ['keepdims'],
  GlobalAveragePooling2D: ['keepdims'],
};

/** True for options that TensorFlow.js may not have: those above, and what weights start from and are trained with. */
export function carriesOut(className: string, option: string): boolean {
  if (option !== 'activity_regularizer' && /_(initializer|regularizer|constraint)$/.test(option)) return true;
  return Object.hasOwn(own, className) && (own[className]?.includes(option) ?? false);
}
