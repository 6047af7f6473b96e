import * as tf from '@tensorflow/tfjs-core';
import { difference, outcomeOn } from './compare.js';
import { guardHeap } from './guarded-heap.js';
import { families, Random } from './index.js';

/**
 * Tries `runs` cases of a family on wasm and on cpu. Each is computed twice on wasm, in memory that is full of dirt.
 * Gives what differs, one line each; what cpu refuses is not compared.
 */
export async function sweep(family: string, runs: number): Promise<string[]> {
  const found: string[] = [];
  const make = families[family];
  if (make === undefined) return [`there is no family ${family}`];
  await tf.setBackend('wasm');
  const guard = guardHeap();
  let compared = 0;
  try {
    for (let seed = 0; seed < runs; seed++) {
      const one = make(new Random(seed * 7919 + family.length));
      const expected = await outcomeOn('cpu', one);
      if ('error' in expected) continue;
      compared++;
      for (let time = 0; time < 2; time++) {
        guard.damage.length = 0;
        const wrong = difference(expected, await outcomeOn('wasm', one), one.tolerance) ?? guard.damage[0];
        if (wrong !== undefined) found.push(`${one.name}: ${wrong}`);
      }
    }
  } finally {
    guard.release();
  }
  return compared === 0 ? [`cpu refuses all ${runs} cases`] : found;
}
