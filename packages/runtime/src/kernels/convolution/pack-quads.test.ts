import { expect, it } from 'vitest';
import { noise } from '../../../test/kernels/host-image.js';
import { loadEngine } from '../../engine/load.js';
import { allocateTensor } from '../../engine/tensor.js';
import { packConvolution } from './convolution.js';
import { isFourfold, isFull } from './pack-quads.js';
import type { ConvolutionSpec } from './spec.js';

const spec: ConvolutionSpec = {
  kernel: noise(9 * 6 * 8, 1),
  kernelShape: [3, 3, 6, 8],
  strides: [1, 1],
  dilations: [1, 1],
  padding: { top: 1, bottom: 1, left: 1, right: 1 },
  groups: 1,
  activation: 'linear',
};
const all = { firstInput: 0, inputs: 6, firstOutput: 0, lastOutput: 8, starts: true, ends: true };

it('full rows are packed in fours, every weight once, after the offset that it shares', async () => {
  const engine = await loadEngine({ instructions: 'simd' });
  const [input, output] = [6, 8].map(channels => allocateTensor(engine.heap, { height: 7, width: 7, channels }, 28));
  const { chunks } = packConvolution(engine, spec, input!, output!, undefined, { chunk: 3 }, undefined, true);
  expect(chunks.map(({ quads }) => quads)).toEqual([true, true]);
  const seen: number[] = [];
  for (const { count, nonzeros } of chunks) {
    const words = engine.heap.floats(nonzeros, (count / 4) * 5);
    seen.push(...words.filter((_, at) => at % 5 !== 0));
  }
  const ascending = (a: number, b: number): number => a - b;
  expect(seen.sort(ascending)).toEqual([...spec.kernel].sort(ascending));
  // The first quad of the second chunk begins with channel 3, place (0, 0): kernel entries 3·8 to 3·8 + 3.
  expect([...engine.heap.floats(chunks[1]!.nonzeros + 4, 4)]).toEqual([...spec.kernel.subarray(24, 28)]);
});

it('rows are full if there is no zero among them, four or a multiple of it, and one group', () => {
  expect(isFull(spec, all)).toBe(true);
  expect(isFourfold(spec, all)).toBe(true);
  expect(isFourfold(spec, { ...all, lastOutput: 6 })).toBe(false);
  // 3·3·6 places of 8 outputs: entry 9 is place 1, output 1.
  const holed = { ...spec, kernel: spec.kernel.map((weight, i) => (i === 9 ? 0 : weight)) };
  expect(isFull(holed, all)).toBe(false);
  expect(isFull(holed, { ...all, firstOutput: 4 })).toBe(true);
  expect(isFourfold({ ...spec, kernelShape: [3, 3, 3, 8], groups: 2 }, all)).toBe(false);
});
