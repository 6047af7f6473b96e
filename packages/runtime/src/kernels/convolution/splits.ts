import type { ConvolutionSpec } from './spec.js';

/** What an output channel costs besides its nonzeros, in nonzeros. */
const OVERHEAD = 4;

/** `count` ranges of output channels, `[first, last)`, that hold about the same number of nonzero weights each. */
export function splitOutputs(
  { kernel, kernelShape }: ConvolutionSpec,
  count: number,
): readonly (readonly [number, number])[] {
  const outputs = kernelShape[3];
  const ranges = Math.max(1, Math.min(count, outputs));
  if (ranges === 1) return [[0, outputs]];
  const work = new Float64Array(outputs).fill(OVERHEAD);
  for (let base = 0; base < kernel.length; base += outputs) {
    for (let m = 0; m < outputs; m++) if (kernel[base + m] !== 0) work[m] = (work[m] as number) + 1;
  }
  const total = work.reduce((sum, each) => sum + each, 0);
  const result: [number, number][] = [];
  let [first, sum] = [0, 0];
  work.forEach((each, m) => {
    sum += each;
    const left = ranges - result.length - 1;
    const due = sum >= (total * (result.length + 1)) / ranges || outputs - m - 1 === left;
    if (left > 0 && due) {
      result.push([first, m + 1]);
      first = m + 1;
    }
  });
  return [...result, [first, outputs]];
}
