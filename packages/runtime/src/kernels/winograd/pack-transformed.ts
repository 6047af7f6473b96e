import type { Heap } from '../../engine/engine.js';
import type { ConvolutionSpec } from '../convolution/spec.js';
import { writeWords } from '../write-record.js';
import type { WinogradLayout } from './layout.js';
import { POINTS, pointsFor, transformWeights } from './transform-weights.js';

/** Output channels side by side; 32-bit words of a nonzero; see assembly/generate.mjs. */
const ROWS = 4;
const NONZERO_WORDS = 5;

/** Weights in Winograd form as the loops over four rows read them: of every quad of output channels, point by point. */
export function packTransformed(
  heap: Heap,
  { kernel, kernelShape }: ConvolutionSpec,
  { phases, place, rowBytes }: WinogradLayout,
): { readonly entries: number; readonly nonzeros: number } {
  const [height, width, channels, outputs] = kernelShape;
  const quads = outputs / ROWS;
  const perQuad = phases.reduce((sum, { taps }) => sum + pointsFor(taps.length), 0) * channels * height;
  const length = quads * perQuad * NONZERO_WORDS;
  const nonzeros = heap.allocate(length * 4 + 16);
  const [words, floats] = [heap.integers(nonzeros, length), heap.floats(nonzeros, length)];
  const weights = (m: number, channel: number, row: number, taps: readonly number[]): readonly number[] =>
    transformWeights(taps.map(column => kernel[((row * width + column) * channels + channel) * outputs + m] as number));
  const entries: number[] = [];
  let at = 0;
  for (let quad = 0; quad < quads; quad++) {
    const rows = Array.from({ length: ROWS }, (_, row) => quad * ROWS + row);
    const transformed = Array.from({ length: channels }, (_, channel) =>
      phases.map(({ taps }) =>
        Array.from({ length: height }, (_, row) => rows.map(m => weights(m, channel, row, taps))),
      ),
    );
    for (let point = 0; point < POINTS; point++) {
      transformed.forEach((ofPhase, channel) => {
        ofPhase.forEach((ofRow, phase) => {
          if (point >= pointsFor(phases[phase]?.taps.length ?? 0)) return;
          ofRow.forEach((four, row) => {
            words[at] = place(channel, phase, point, row);
            four.forEach((values, i) => {
              floats[at + 1 + i] = values[point] as number;
            });
            at += NONZERO_WORDS;
          });
        });
      });
      // The bias is added when the points are put together.
      entries.push(nonzeros + at * 4, ...rows.flatMap((_, row) => [row * rowBytes, 0]));
    }
  }
  return { entries: writeWords(heap, entries), nonzeros };
}
