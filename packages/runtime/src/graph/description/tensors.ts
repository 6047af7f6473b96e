import { EspalierError, float32Values, type SafetensorsTensor, type StoredTensor } from '@espalier/core';
import { InvalidDescriptionError } from '../../errors.js';
import { swapLast } from '../swap-last.js';
import type { NodeFields } from './node-fields.js';

/** Order of the axes of kernels. */
export type Layout = 'HWIO' | 'OIHW';

/** The tensor that a field names, as floats, with one of these numbers of axes. */
export function tensorOf(
  fields: NodeFields,
  field: string,
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  rank: number,
): StoredTensor {
  const name = fields.text(field);
  const tensor = tensors.get(name);
  if (tensor === undefined) fields.fail(field, name, 'the name of a tensor of the file');
  const { shape } = tensor;
  if (shape.length !== rank || shape.includes(0)) {
    throw new InvalidDescriptionError(
      `The tensor "${name}" has shape [${shape}], but the ${field} of the ${fields.where} needs ${rank} axes.`,
    );
  }
  try {
    return { shape, values: float32Values(tensor) };
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    throw new InvalidDescriptionError(`The tensor "${name}" cannot be read. ${error.message}`, { cause: error });
  }
}

/** A convolution's kernel as `[height, width, in / groups, out]`, for an image of `channels` channels. */
export function convolutionKernel(
  { shape, values }: StoredTensor,
  layout: Layout,
  groups: number,
  channels: number,
): { kernel: Float32Array; kernelShape: readonly [number, number, number, number] } {
  const [a, b, c, d] = shape as [number, number, number, number];
  if (layout === 'OIHW') return { kernel: spatialFirst(values, a, b, c * d), kernelShape: [c, d, b, a] };
  // TensorFlow's depthwise kernels list the outputs of every input channel one after the other: the same memory.
  const isDepthwise = groups > 1 && c === groups && channels === groups;
  return { kernel: values, kernelShape: isDepthwise ? [a, b, 1, c * d] : [a, b, c, d] };
}

/** `[out, in, places]` as `[places, in, out]`. */
function spatialFirst(values: Float32Array, outputs: number, inputs: number, places: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      for (let place = 0; place < places; place++) {
        const from = (output * inputs + input) * places + place;
        result[(place * inputs + input) * outputs + output] = values[from] as number;
      }
    }
  }
  return result;
}

/** A dense kernel as `[in, out]`. */
export function denseKernel({ shape, values }: StoredTensor, layout: Layout): Float32Array {
  const [outputs, inputs] = shape as [number, number];
  return layout === 'HWIO' ? values : spatialFirst(values, outputs, inputs, 1);
}

/** Rows of a dense kernel in the order `[height, width, channels]` of an image that was flattened channels first. */
export function rowsFromChannelsFirst(
  kernel: Float32Array,
  [height, width, channels]: readonly [number, number, number],
): Float32Array {
  const rows = height * width * channels;
  const outputs = kernel.length / rows;
  const result = new Float32Array(kernel.length);
  for (let row = 0; row < rows; row++) {
    const from = (row % channels) * height * width + Math.floor(row / channels);
    result.set(kernel.subarray(from * outputs, (from + 1) * outputs), row * outputs);
  }
  return result;
}

/** A transposed convolution's kernel as `[height, width, in, out]`. */
export function transposedKernel(
  { shape, values }: StoredTensor,
  layout: Layout,
): { kernel: Float32Array; kernelShape: readonly [number, number, number, number] } {
  const [a, b, c, d] = shape as [number, number, number, number];
  // [in, out, places] to [places, out, in], and each place of that to [in, out].
  const outputsFirst = layout === 'OIHW' ? spatialFirst(values, a, b, c * d) : values;
  const [height, width, outputs, inputs] = layout === 'OIHW' ? [c, d, b, a] : [a, b, c, d];
  return {
    kernel: swapLast(outputsFirst, outputs, inputs),
    kernelShape: [height, width, inputs, outputs],
  };
}
