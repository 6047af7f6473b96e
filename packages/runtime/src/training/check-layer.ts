import { checkOptions, rules } from '@espalier/core';
import { InvalidGraphError } from '../errors.js';
import { checkNode } from '../graph/check-node.js';
import type { Padding } from '../graph/graph.js';
import { noPadding, samePadding } from '../graph/padding.js';
import type { ConvolutionSpec } from '../kernels/index.js';
import { InvalidTrainingLayerError } from './errors.js';
import type { TrainingLayer } from './layer.js';

/** Most floats of one batch of images: 1 GiB. */
const MOST_FLOATS = 2 ** 28;

/** Height, width and channels. */
export type ImageSize = readonly [number, number, number];

/** A layer after all checks. */
export interface CheckedLayer {
  /** The kernel is 1 where the mask keeps a weight and 0 elsewhere. */
  readonly spec: ConvolutionSpec;
  readonly inputShape: ImageSize;
  readonly outputShape: ImageSize;
  readonly batch: number;
  /** Index into the kernel of every active weight, ascending. */
  readonly indices: Int32Array;
}

/**
 * @throws {@link InvalidTrainingLayerError}; {@link InvalidOptionError} and {@link UnknownOptionError} if it is no
 * layer.
 */
export function checkLayer(layer: TrainingLayer): CheckedLayer {
  const { anything } = rules;
  checkOptions<TrainingLayer>(
    layer,
    {
      kernelShape: anything,
      mask: anything,
      inputShape: anything,
      batch: anything,
      strides: anything,
      dilations: anything,
      padding: anything,
      groups: anything,
    },
    'layer',
  );
  const { kernelShape, mask, inputShape, batch, strides = [1, 1], dilations = [1, 1], groups = 1 } = layer;
  checkLengths({ kernelShape, inputShape, strides, dilations });
  const size = kernelShape.reduce((product, length) => product * length, 1);
  if (mask?.length !== size) {
    throw new InvalidTrainingLayerError(
      `Its mask has ${mask?.length} entries, but a kernel of shape [${kernelShape}] has ${size}.`,
    );
  }
  const kernel = Float32Array.from(mask, active => (active ? 1 : 0));
  const padding = paddingOf(layer);
  const spec: ConvolutionSpec = {
    kernel,
    kernelShape,
    strides,
    dilations,
    padding,
    groups,
    activation: 'linear',
  };
  const outputShape = outputOf(spec, inputShape);
  if (!Number.isInteger(batch) || batch < 1) {
    throw new InvalidTrainingLayerError(`Its batch is ${batch}, but must be a whole number from 1.`);
  }
  for (const [height, width, channels] of [inputShape, outputShape]) {
    const floats = batch * height * width * channels;
    if (floats <= MOST_FLOATS) continue;
    throw new InvalidTrainingLayerError(
      `${batch} images of shape [${[height, width, channels]}] have ${floats} entries, over the limit of ${MOST_FLOATS}. ` +
        'Split the batch.',
    );
  }
  return { spec, inputShape, outputShape, batch, indices: nonzerosOf(kernel) };
}

function nonzerosOf(kernel: Float32Array): Int32Array {
  const indices = new Int32Array(kernel.length);
  let count = 0;
  for (let index = 0; index < kernel.length; index++) if (kernel[index] !== 0) indices[count++] = index;
  return indices.slice(0, count);
}

function checkLengths(lists: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, list] of Object.entries(lists)) {
    const length = { kernelShape: 4, inputShape: 3 }[name] ?? 2;
    if (Array.isArray(list) && list.length === length && list.every(each => Number.isInteger(each) && each > 0))
      continue;
    throw new InvalidTrainingLayerError(
      `Its ${name} is [${list}], but must be a list of ${length} whole numbers from 1.`,
    );
  }
}

function paddingOf({ kernelShape, inputShape, strides, dilations, padding = 'valid' }: TrainingLayer): Padding {
  if (padding === 'valid') return noPadding;
  const [height, width] = inputShape;
  if (padding === 'same')
    return samePadding([height, width], [kernelShape[0], kernelShape[1]], strides ?? [1, 1], dilations);
  if (typeof padding === 'object' && padding !== null) return padding;
  throw new InvalidTrainingLayerError(
    `Its padding is ${JSON.stringify(padding)}, but must be "same", "valid", or { top, bottom, left, right }.`,
  );
}

function outputOf(spec: ConvolutionSpec, inputShape: ImageSize): ImageSize {
  try {
    return checkNode({ ...spec, kind: 'convolution', name: 'layer', inputs: ['input'] }, [inputShape]) as ImageSize;
  } catch (cause) {
    if (cause instanceof InvalidGraphError) throw new InvalidTrainingLayerError(cause.reason, { cause });
    throw cause;
  }
}
