import { randomStreams } from '@espalier/core';

/** An input of a network. */
interface InputShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** `batch` values for each input by its name, uniform in [-1, 1), the same every time. */
export function exampleInputs(
  inputs: readonly InputShape[],
  batch: number,
): Readonly<Record<string, Float32Array<ArrayBuffer>>> {
  const next = randomStreams(0, 0)('bench');
  return Object.fromEntries(
    inputs.map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, batch);
      return [name, Float32Array.from({ length }, () => 2 * next() - 1)];
    }),
  );
}

/** All results of a network, one after the other. */
export function joined(results: readonly Float32Array[]): Float32Array {
  const [only, ...others] = results;
  if (only !== undefined && others.length === 0) return only;
  const all = new Float32Array(results.reduce((length, values) => length + values.length, 0));
  let at = 0;
  for (const values of results) {
    all.set(values, at);
    at += values.length;
  }
  return all;
}
