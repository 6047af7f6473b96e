import type { Padding } from '../../graph.js';
import { show } from '../../show.js';
import { swapLast } from '../../swap-last.js';
import { asPair, malformed } from '../fields.js';
import { imageInput, type LayerCall, refuse, type Value } from '../layer-call.js';
import { biasOf, kernelOf, requireSizes } from '../weights.js';
import { withActivation } from './activation.js';
import { groupsOf } from './read-convolution.js';

/** `Conv2DTranspose`, whose kernel is `[height, width, out, in]`. */
export function readTransposed(call: LayerCall): Value {
  const { name: input } = imageInput(call);
  const { shape, values } = kernelOf(call, 'kernel', 4);
  const [height, width, filters, channels] = shape as [number, number, number, number];
  requireSizes(call, { kernel_size: [height, width], filters: [filters] });
  if (groupsOf(call) !== 1) refuse('groups of a transposed convolution');
  const strides = asPair(call.config.strides ?? 1, `strides of layer "${call.layer}"`);
  const dilations = asPair(call.config.dilation_rate ?? 1, `dilation_rate of layer "${call.layer}"`);
  if (dilations.some(rate => rate !== 1)) refuse(`dilation_rate [${dilations}]; supported is 1`);
  const [rows, columns] = [axisOf(call, height, strides[0]), axisOf(call, width, strides[1])];
  const padding: Padding = { top: rows.before, bottom: rows.after, left: columns.before, right: columns.after };
  const node = withActivation(call, (name, activation) =>
    call.builder.add({
      kind: 'transposedConvolution',
      name,
      inputs: [input],
      kernel: swapLast(values, filters, channels),
      kernelShape: [height, width, channels, filters],
      ...biasOf(call, filters),
      strides,
      padding,
      extra: [rows.extra, columns.extra],
      activation,
    }),
  );
  return { node, view: 'plain' };
}

/**
 * What is cut off or added along one axis: the result is `size · stride` long, without padding longer by as much as the
 * kernel is longer than the stride.
 */
function axisOf(call: LayerCall, kernel: number, stride: number): { before: number; after: number; extra: number } {
  const extra = Math.max(stride - kernel, 0);
  const padding = call.config.padding ?? 'valid';
  if (padding === 'valid') return { before: 0, after: 0, extra };
  if (padding !== 'same')
    malformed(`The padding of layer "${call.layer}" is ${show(padding)}, but must be "same" or "valid".`);
  const total = Math.max(kernel - stride, 0);
  const before = Math.floor(total / 2);
  return { before, after: total - before, extra };
}
