import type { Heap } from '../../engine/engine.js';
import type { ImageShape } from '../../engine/tensor.js';
import { windowOf } from '../../kernels/convolution/spec.js';
import { isPointwise } from '../../kernels/window/window.js';
import type { CheckedLayer, ImageSize } from '../check-layer.js';
import { allocateBatch, type BatchTensor } from './batch-tensor.js';

/** How a batch lies in memory. */
export interface Arrangement {
  /** Whether the batch is one long row of pixels. */
  readonly together: boolean;
  /** Tensors that hold the batch. */
  readonly count: number;
  /** Shape of one of them, going in and coming out. */
  readonly input: ImageShape;
  readonly output: ImageShape;
}

/**
 * A kernel of one pixel does not see where an image ends, so a batch of images is to it a single long row of pixels:
 * only one tile has lanes to spare. Other batches lie image by image.
 */
export function arrangementOf({ spec, inputShape, outputShape, batch }: CheckedLayer): Arrangement {
  const together = isPointwise(windowOf(spec));
  const shape = ([height, width, channels]: ImageSize): ImageShape =>
    together ? { height: 1, width: batch * height * width, channels } : { height, width, channels };
  return { together, count: together ? 1 : batch, input: shape(inputShape), output: shape(outputShape) };
}

/** Input and output, and the gradients with respect to both. */
export interface Activations {
  readonly input: BatchTensor;
  readonly output: BatchTensor;
  readonly inputGradient: BatchTensor;
  readonly outputGradient: BatchTensor;
}

/** Memory for all of them. */
export function allocateActivations(heap: Heap, { input, output, count }: Arrangement, lanes: number): Activations {
  return {
    input: allocateBatch(heap, input, lanes, count),
    output: allocateBatch(heap, output, lanes, count),
    inputGradient: allocateBatch(heap, input, lanes, count),
    outputGradient: allocateBatch(heap, output, lanes, count),
  };
}
