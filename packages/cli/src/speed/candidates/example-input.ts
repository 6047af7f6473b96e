import { randomStreams } from '@espalier/core';

/** `batch` inputs of this shape, uniform in [-1, 1), the same every time. */
export function exampleInput(shape: readonly number[], batch: number): Float32Array<ArrayBuffer> {
  const next = randomStreams(0, 0)('bench');
  const length = shape.reduce((product, size) => product * size, batch);
  return Float32Array.from({ length }, () => 2 * next() - 1);
}
