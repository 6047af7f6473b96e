import type { layers, Shape } from '@tensorflow/tfjs-layers';
import { UnsupportedLayerOptionError } from '../../errors/topology-errors.js';
import { show } from '../../topology/fields/fields.js';
import type { TopologyOrigin } from '../../topology/fields/origin.js';
import { TopologyLayer } from '../../topology/topology-layer.js';

type Layer = layers.Layer;

/** A layer that was made and is about to be called, with the shape of what it reads first, batch included. */
interface Called {
  readonly layer: TopologyLayer;
  readonly instance: Layer;
  readonly shape: Shape;
  readonly origin: TopologyOrigin;
}

function unsupported({ layer, shape }: Called, option: string, reason: string): never {
  const { name, className, config } = layer;
  const on = `${option} ${show(config[option])} on an input of ${shape.length} axes`;
  throw new UnsupportedLayerOptionError(name, className, option, `${on}; ${reason}`);
}

function isLastAxis({ layer, shape }: Called): boolean {
  const { axis } = layer.config;
  return axis === undefined || axis === null || axis === -1 || axis === shape.length - 1;
}

/**
 * TensorFlow.js spreads the statistics along the last axis whatever it says, which is what its own networks were
 * trained with.
 */
function normalization(called: Called): void {
  if (called.origin !== 'tfjs' && !isLastAxis(called))
    unsupported(called, 'axis', 'TensorFlow.js normalizes along the last axis alone');
}

function softmax(called: Called): void {
  if (!isLastAxis(called)) unsupported(called, 'axis', 'supported: the last axis');
}

/**
 * TensorFlow.js joins along the last axis whatever negative number it says, so that it is given the axis from the
 * front.
 */
function concatenate({ layer, instance, shape }: Called): void {
  const { axis } = layer.config;
  if (typeof axis === 'number' && axis < -1 && axis >= -shape.length)
    (instance as unknown as { axis: number }).axis = shape.length + axis;
}

/** A number for each channel, or one for all. */
function rescaling(called: Called): void {
  for (const option of ['scale', 'offset']) {
    const factors = called.layer.config[option];
    if (Array.isArray(factors) && factors.length !== 1 && factors.length !== called.shape.at(-1))
      unsupported(called, option, `supported: a number, or one for each of ${called.shape.at(-1)} channels`);
  }
}

/** TensorFlow.js gives at most two axes, and writes the shape of the output into that of the input. */
function categoryEncoding(called: Called): void {
  const { layer, instance, shape } = called;
  if (layer.config.output_mode === 'one_hot' && shape.length > 1 && shape.at(-1) !== 1)
    unsupported(called, 'output_mode', 'supported: one category for each example');
  const compute = instance.computeOutputShape.bind(instance);
  instance.computeOutputShape = (shape: Shape | Shape[]) => compute(structuredClone(shape));
}

/** Each step is read without the axis of steps. */
function timeDistributed({ layer, instance, shape, origin }: Called): void {
  const inner = layer.config.layer;
  const made = (instance as unknown as { layer: Layer }).layer;
  if (inner instanceof TopologyLayer)
    fitToInput({ layer: inner, instance: made, shape: [shape[0] ?? null, ...shape.slice(2)], origin });
}

const fits: ReadonlyMap<string, (called: Called) => void> = new Map([
  ['BatchNormalization', normalization],
  ['Softmax', softmax],
  ['Concatenate', concatenate],
  ['Rescaling', rescaling],
  ['CategoryEncoding', categoryEncoding],
  ['TimeDistributed', timeDistributed],
]);

/**
 * Options of which the meaning depends on the shape of what the layer reads: carried out, or refused by name, where
 * TensorFlow.js would compute something else.
 *
 * @throws {@link UnsupportedLayerOptionError}
 */
export function fitToInput(called: Called): void {
  fits.get(called.layer.className)?.(called);
}
