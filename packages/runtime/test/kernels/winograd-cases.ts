import type { Engine } from '../../src/engine/engine.js';
import { allocateTensor } from '../../src/engine/tensor.js';
import type { ConvolutionSpec } from '../../src/kernels/convolution/spec.js';
import { suitsWinograd } from '../../src/kernels/winograd/suits.js';
import { type HostImage, noise } from './host-image.js';
import { outputSize } from './reference-convolution.js';

/** ResNet's stem, with half its outputs. */
export const stem: ConvolutionSpec = {
  kernel: noise(7 * 7 * 3 * 32, 3),
  kernelShape: [7, 7, 3, 32],
  bias: noise(32, 4),
  strides: [2, 2],
  dilations: [1, 1],
  padding: { top: 3, bottom: 3, left: 3, right: 3 },
  groups: 1,
  activation: 'relu',
};

/** The 3x3 convolution that begins networks for small images. */
export const small: ConvolutionSpec = {
  ...stem,
  kernel: noise(3 * 3 * 3 * 32, 5),
  kernelShape: [3, 3, 3, 32],
  bias: noise(32, 6),
  strides: [1, 1],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
};

/** Whether Winograd's algorithm suits the convolution of an image in tiles of so many lanes. */
export function suits(engine: Engine, spec: ConvolutionSpec, image: HostImage, lanes: number): boolean {
  const { heap } = engine;
  return suitsWinograd(spec, allocateTensor(heap, image, lanes), allocateTensor(heap, outputSize(image, spec), lanes));
}
