import { type TopologyOrigin, UnsupportedLayerOptionError } from '@espalier/core';
import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { activationWord, stepsOfActivation } from './activations.js';
import { cropOfNothing, isAugmentation, isResizing, passingOn } from './augmentation.js';
import { channelsInto } from './channels.js';
import { type LayerEntry, numbersOf, replaced, type Step, type StockLayer } from './layer-entry.js';
import { axisToCheck, normalization, type WeightsOfLayer } from './normalization.js';

/** What putting a topology into stock layers needs to know, and what it finds. */
export interface StockReading {
  readonly origin: TopologyOrigin;
  /** True for classes that TensorFlow.js has or that were registered. */
  isRegistered(className: string): boolean;
  weightsOf(layer: string): WeightsOfLayer;
  /** The entry of which a layer reads the output first. */
  before(entry: JsonObject): unknown;
  /** Layers that pass on what they would change in training. */
  readonly passed: string[];
  /** Layers that have no weights any more. */
  readonly emptied: Set<string>;
  /** Axes that must be the last of what a layer reads, which the built model shows. */
  readonly axes: Map<string, number>;
}

/** The layer as TensorFlow.js has it; one that nobody has stays, to be refused by whoever builds the model. */
export function stockLayer(layer: LayerEntry, reading: StockReading): StockLayer {
  refuseQuantized(layer);
  const { className, config, entry } = layer;
  // TensorFlow.js has a few under the same name for something else, which its own networks mean.
  const isTheirs = isResizing(className) ? reading.origin === 'tfjs' : reading.isRegistered(className);
  const inPlace = isTheirs ? undefined : instead(layer, reading);
  if (inPlace) return { entry: inPlace, steps: [] };
  if (className === 'Rescaling') return { entry: withOptions(layer, plainNumbers(config)), steps: [] };
  if (className === 'ReLU') return { entry: rectifier(layer), steps: [] };
  if (/^Global(Average|Max)Pooling[12]D$/.test(className) && config.keepdims === true)
    return keepingAxes(layer, reading);
  const word = activationWord(config.activation);
  const steps = word === undefined || reading.isRegistered(word) ? undefined : stepsOfActivation(word, reading.origin);
  return steps ? { entry: withOptions(layer, { activation: 'linear' }), steps } : { entry, steps: [] };
}

/** What stands for a layer that TensorFlow.js has not, or has as something else. */
function instead(layer: LayerEntry, { passed, emptied, axes, weightsOf }: StockReading): JsonObject | undefined {
  const { name, className } = layer;
  if (className === 'Identity') return replaced(layer, 'Activation', { activation: 'linear' });
  const isRandom = isAugmentation(className) || className === 'RandomCrop';
  if (!isRandom && className !== 'Normalization') return undefined;
  emptied.add(name);
  if (!isRandom) {
    const axis = axisToCheck(layer);
    if (axis !== undefined) axes.set(name, axis);
    return normalization(layer, weightsOf(name));
  }
  passed.push(name);
  return isAugmentation(className) ? passingOn(layer) : cropOfNothing(layer);
}

const withOptions = ({ entry, config }: LayerEntry, options: JsonObject): JsonObject => ({
  ...entry,
  config: { ...config, ...options },
});

/** Kernels of few bits that a scale makes numbers of. */
function refuseQuantized({ name, className, config: { dtype } }: LayerEntry): void {
  if (
    !isObject(dtype) ||
    typeof dtype.class_name !== 'string' ||
    !/^(Quantized|Float8|Int[48]|GPTQ|AWQ)/.test(dtype.class_name)
  )
    return;
  const { mode = 'of few bits' } = isObject(dtype.config) ? dtype.config : {};
  const reason = `quantized weights (${String(mode)}), which are no plain numbers; save the network before model.quantize(…)`;
  throw new UnsupportedLayerOptionError(name, className, 'dtype', reason);
}

/** Lists of numbers without what Keras wraps them in. */
function plainNumbers(config: JsonObject): JsonObject {
  const plain = (['scale', 'offset'] as const).flatMap(option => {
    const numbers = isObject(config[option]) ? numbersOf(config[option]) : undefined;
    return numbers === undefined ? [] : [[option, numbers] as const];
  });
  return Object.fromEntries(plain);
}

/** TensorFlow.js's `ReLU` has no slope and no threshold, but a layer for each. */
function rectifier(layer: LayerEntry): JsonObject {
  const [slope, threshold, most] = ['negative_slope', 'threshold', 'max_value'].map(
    option => numbersOf(layer.config[option]) ?? 0,
  );
  if (most !== 0) return layer.entry;
  if (slope !== 0 && threshold === 0) return replaced(layer, 'LeakyReLU', { alpha: slope });
  if (slope === 0 && threshold !== 0) return replaced(layer, 'ThresholdedReLU', { theta: threshold });
  return layer.entry;
}

/** A pool over all places, and the axes of one place behind it. */
function keepingAxes(layer: LayerEntry, { before, weightsOf }: StockReading): StockLayer {
  const channels = channelsInto(layer.entry, before, weightsOf);
  if (channels === undefined) return { entry: layer.entry, steps: [] };
  const places = layer.className.endsWith('2D') ? [1, 1] : [1];
  const reshape: Step = { className: 'Reshape', config: { target_shape: [...places, channels] }, inputs: [0] };
  return { entry: withOptions(layer, { keepdims: false }), steps: [reshape] };
}
