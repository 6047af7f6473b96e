import { EspalierError } from '@espalier/core';
import { expect } from 'vitest';
import { compile } from '../../src/plan/compile.js';
import { noise } from '../plan/compare.js';

/**
 * What becomes of a source: the code of the error that refuses it, or `'runs'` if it compiles to a plan that gives a
 * result of the shape that it promises. Any error without a code fails the test.
 */
export async function outcome(source: unknown, what: string): Promise<string> {
  try {
    const plan = await compile(source as Uint8Array, { threads: 1 });
    const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
    const result = await plan.run(noise(sizeOf(plan.inputShape), 1));
    await plan.dispose();
    expect(result, what).toHaveLength(sizeOf(plan.outputShape));
    return 'runs';
  } catch (error) {
    if (EspalierError.isInstance(error)) return error.code;
    throw new Error(`${what}: ${String(error)}`, { cause: error });
  }
}
