import * as tf from '@tensorflow/tfjs-core';
import type { Case } from './case.js';

/** What a computation gave: values, or what it threw. */
export type Outcome =
  | {
      readonly results: readonly {
        readonly shape: readonly number[];
        readonly dtype: string;
        readonly values: ArrayLike<number>;
      }[];
    }
  | { readonly error: Error & { readonly code?: string } };

/** Computes a case on a backend. Leaves no tensors behind; says so as an error if it did. */
export async function outcomeOn(backend: 'cpu' | 'wasm', { compute, reference = compute }: Case): Promise<Outcome> {
  await tf.setBackend(backend);
  const tensors = tf.memory().numTensors;
  const buffers = tf.engine().backend.numDataIds();
  try {
    const results = [tf.tidy(backend === 'cpu' ? reference : compute)].flat();
    const read = results.map(result => ({
      shape: [...result.shape],
      dtype: result.dtype,
      values: Array.from(result.dataSync()),
    }));
    tf.dispose(results);
    const [moreTensors, moreBuffers] = [tf.memory().numTensors - tensors, tf.engine().backend.numDataIds() - buffers];
    if (moreTensors !== 0 || moreBuffers !== 0) {
      return { error: new Error(`leaves ${moreTensors} tensors and ${moreBuffers} buffers`) };
    }
    return { results: read };
  } catch (error) {
    return { error: error as Error };
  }
}

/** The first difference between two outcomes in one line, or undefined. NaN equals NaN. */
export function difference(expected: Outcome, actual: Outcome, tolerance = 1e-5): string | undefined {
  if ('error' in expected) return undefined;
  if ('error' in actual) return `throws ${(actual.error.message ?? String(actual.error)).split('\n')[0]}`;
  if (actual.results.length !== expected.results.length) return `${actual.results.length} results`;
  for (const [i, want] of expected.results.entries()) {
    const got = actual.results[i]!;
    if (String(got.shape) !== String(want.shape)) return `result ${i}: shape [${got.shape}] for [${want.shape}]`;
    if (got.dtype !== want.dtype) return `result ${i}: ${got.dtype} for ${want.dtype}`;
    const finite = Array.from(want.values).filter(Number.isFinite);
    const allowed = tolerance * finite.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (let j = 0; j < want.values.length; j++) {
      const [a, b] = [got.values[j]!, want.values[j]!];
      if (Object.is(a, b) || a === b || Math.abs(a - b) <= allowed) continue;
      return `result ${i}[${j}] of [${want.shape}] ${want.dtype}: ${a} for ${b}`;
    }
  }
  return undefined;
}
