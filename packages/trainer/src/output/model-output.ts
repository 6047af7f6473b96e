import { InvalidOptionError } from '@espalier/core';
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { requireModel } from './require-model.js';

type Layer = layers.Layer;

/** What the numbers are that a model gives, told by its last layers. */
export interface ModelOutput {
  /** Logits are what no activation was put on; `unknown` is everything that the default loss has no rule for. */
  readonly kind: 'logits' | 'softmax' | 'sigmoid' | 'unknown';
  /** The layer that decides, for messages. */
  readonly what: string;
  /**
   * The layer of a softmax or sigmoid that can be taken off for a moment; absent where the layer is used elsewhere too,
   * or where what comes after it mixes probabilities.
   */
  readonly activation?: Layer;
}

/** Layers with an activation at their end. */
const activated = new Set([
  ...['Activation', 'Dense', 'Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose'],
  ...['SeparableConv2D', 'DepthwiseConv2D'],
]);

/** Layers that put every number somewhere else, or leave it out while they train. */
const moving = new Set([
  ...['Reshape', 'Flatten', 'Permute', 'RepeatVector', 'Cropping2D', 'Masking'],
  ...['Dropout', 'SpatialDropout1D', 'GaussianNoise', 'GaussianDropout', 'AlphaDropout'],
]);

/** Layers that average: logits stay logits, probabilities stay probabilities, but of no logits any more. */
const averaging = new Set([
  ...['GlobalAveragePooling1D', 'GlobalAveragePooling2D', 'Average', 'UpSampling2D'],
  ...['AveragePooling1D', 'AveragePooling2D', 'AveragePooling3D'],
]);

/** Layers that make logits of logits, and nothing known of probabilities. */
const choosing = new Set([
  ...['GlobalMaxPooling1D', 'GlobalMaxPooling2D', 'MaxPooling1D', 'MaxPooling2D', 'MaxPooling3D'],
  ...['Add', 'Maximum', 'Minimum', 'Concatenate', 'ZeroPadding2D'],
]);

/**
 * Tells what a model gives, by going back from one of its outputs to the first layer that decides, through
 * layers that only move numbers. {@link evaluate} and {@link train} choose their loss by it.
 *
 * @param model - A model.
 * @param index - Which of its outputs.
 * @throws {@link InvalidOptionError} if it is no model, or has no such output.
 * @returns Logits, probabilities of a softmax or a sigmoid, or something unknown.
 *
 * @example
 * ```ts
 * import { modelOutput } from '@espalier/trainer';
 * import { layers, sequential } from '@tensorflow/tfjs-layers';
 *
 * const model = sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [2] })] });
 * console.log(modelOutput(model).kind); // softmax
 * ```
 */
export function modelOutput(model: LayersModel, index = 0): ModelOutput {
  requireModel(model);
  const output = model.outputs[index];
  if (!output) throw new InvalidOptionError('index', index, `a whole number below ${model.outputs.length}`);
  const { activation, ...traced } = trace(output, () => undefined);
  // Of several outputs, others may be computed from what an activation gives.
  const alone = model.outputs.length === 1 || (activation?.outboundNodes.length === 0 && occursOnce(model, output));
  const found: Traced = activation && alone ? { ...traced, activation } : traced;
  const [classes, given] = [found.classes, output.shape.at(-1)];
  if (found.kind === 'softmax' && classes !== given) {
    return unknown(`${found.what} over ${String(classes)} values, spread over ${String(given)}`);
  }
  return found;
}

const occursOnce = ({ outputs }: LayersModel, output: SymbolicTensor): boolean =>
  outputs.filter(other => other.sourceLayer === output.sourceLayer).length === 1;

interface Traced extends ModelOutput {
  /** Length of the last axis where the activation is. */
  readonly classes?: number | null | undefined;
}

/** What a tensor stands for outside the nested model whose input it is. */
type Outside = (input: SymbolicTensor) => { readonly tensor: SymbolicTensor; readonly outside: Outside } | undefined;

function trace(tensor: SymbolicTensor, outside: Outside): Traced {
  const layer = tensor.sourceLayer;
  const container = layer as Layer & Partial<Pick<LayersModel, 'outputs' | 'inputs' | 'layers'>>;
  if (container.layers && container.outputs && container.inputs) {
    const { inputs } = container;
    const inner = container.outputs[tensor.outputTensorIndex ?? 0];
    const into: Outside = input => {
      const outer = tensor.inputs[inputs.indexOf(input)];
      return outer && { tensor: outer, outside };
    };
    // A nested model has a node of its own besides those of its calls.
    return inner ? onceOnly(trace(inner, into), layer.inboundNodes.length <= 2) : unknown(nameOf(layer));
  }
  if (layer.getClassName() === 'InputLayer') {
    const outer = outside(tensor);
    return outer ? trace(outer.tensor, outer.outside) : { kind: 'logits', what: nameOf(layer) };
  }
  const before = (): Traced[] => tensor.inputs.map(input => trace(input, outside));
  return onceOnly(judge(layer, tensor, before), layer.inboundNodes.length <= 1);
}

/** An activation is taken off only where nothing else runs through it. */
function onceOnly({ activation, ...found }: Traced, once: boolean): Traced {
  return activation && once ? { ...found, activation } : found;
}

function judge(layer: Layer, tensor: SymbolicTensor, before: () => Traced[]): Traced {
  const name = layer.getClassName();
  const { layer: wrapped } = layer as Layer & { layer?: Layer & Partial<LayersModel> };
  if (name === 'TimeDistributed' && wrapped) {
    const inner = wrapped.outputs?.[0];
    return inner ? trace(inner, () => undefined) : judge(wrapped, tensor, before);
  }
  if (activated.has(name)) return ofActivation(activationOf(layer), layer, tensor, before);
  if (name === 'Softmax') return ofSoftmax(layer, tensor);
  if (name === 'BatchNormalization' || name === 'LayerNormalization') return { kind: 'logits', what: nameOf(layer) };
  if (moving.has(name)) return before()[0] ?? unknown(nameOf(layer));
  if (averaging.has(name) || choosing.has(name)) return mixed(layer, before(), averaging.has(name));
  return unknown(nameOf(layer));
}

function ofActivation(name: string, layer: Layer, tensor: SymbolicTensor, before: () => Traced[]): Traced {
  const what = `${nameOf(layer)} with activation ${name}`;
  const [activation, classes] = [layer, tensor.shape.at(-1)];
  if (name === 'softmax') return { kind: 'softmax', what, activation, classes };
  if (name === 'sigmoid') return { kind: 'sigmoid', what, activation, classes };
  // A softmax of logarithms of probabilities gives the probabilities.
  if (name === 'logSoftmax') return { kind: 'logits', what };
  if (name !== 'linear') return unknown(what);
  return layer.getClassName() === 'Activation' ? (before()[0] ?? unknown(what)) : { kind: 'logits', what };
}

function ofSoftmax(layer: Layer, { rank, shape }: SymbolicTensor): Traced {
  const { axis } = layer.getConfig() as { axis?: number | number[] };
  const axes = [axis ?? 1].flat().map(one => (one < 0 ? one + rank : one));
  if (axes.join() !== String(rank - 1)) return unknown(`${nameOf(layer)} over another axis than the last`);
  return { kind: 'softmax', what: nameOf(layer), activation: layer, classes: shape.at(-1) };
}

function mixed(layer: Layer, parts: readonly Traced[], averages: boolean): Traced {
  const [first] = parts;
  const what = nameOf(layer);
  if (!first || parts.some(({ kind }) => kind !== first.kind)) return unknown(what);
  if (first.kind === 'logits') return { kind: 'logits', what };
  if (first.kind === 'unknown') return unknown(first.what);
  return averages ? { kind: first.kind, what: `${what} of ${first.what}`, classes: first.classes } : unknown(what);
}

const unknown = (what: string): Traced => ({ kind: 'unknown', what });
const nameOf = (layer: Layer): string => `the ${layer.getClassName()} layer "${layer.name}"`;

/** A layer that was made without an activation has none, or a linear one. */
function activationOf(layer: Layer): string {
  const { activation } = layer as Layer & { activation?: { getClassName(): string } | null };
  return activation?.getClassName() ?? 'linear';
}
