import { expect, it } from 'vitest';
import { sparseNoise } from '../../../test/kernels/host-image.js';
import { loadEngine } from '../../engine/load.js';
import { allocateTensor } from '../../engine/tensor.js';
import { packConvolution } from './convolution.js';
import type { ConvolutionSpec } from './spec.js';

it('tells which weight every nonzero in the heap came from, each once', async () => {
  const engine = await loadEngine();
  const spec: ConvolutionSpec = {
    kernel: sparseNoise(9 * 8 * 8, 0.3, 3),
    kernelShape: [3, 3, 8, 8],
    strides: [1, 1],
    dilations: [1, 1],
    padding: { top: 1, bottom: 1, left: 1, right: 1 },
    groups: 1,
    activation: 'linear',
  };
  const [input, output] = [1, 2].map(() => allocateTensor(engine.heap, { height: 7, width: 7, channels: 8 }, 28));
  const { chunks } = packConvolution(engine, spec, input!, output!, undefined, { chunk: 3, splits: 2 });
  expect(chunks.length).toBe(6);
  const seen: number[] = [];
  for (const { order, nonzeros } of chunks) {
    const words = engine.heap.floats(nonzeros, order.length * 2);
    expect(Array.from(order, (_, at) => words[at * 2 + 1])).toEqual(Array.from(order, index => spec.kernel[index]));
    seen.push(...order);
  }
  const nonzero = [...spec.kernel.keys()].filter(i => spec.kernel[i] !== 0);
  expect(seen.sort((a, b) => a - b)).toEqual(nonzero);
});
