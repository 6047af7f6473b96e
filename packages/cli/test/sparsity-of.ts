import { countOnes } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { expect } from 'vitest';

/** Fraction of masked entries in a checkpoint, all of which are 0 in the weights. */
export async function sparsityOf(file: string): Promise<number> {
  const { weights, masks } = await readCheckpoint(file);
  let [zeros, masked, all] = [0, 0, 0];
  for (const [name, mask] of masks) {
    const values = weights.get(name)?.values ?? new Float32Array();
    for (let i = 0; i < mask.length; i++) if (mask[i] === 0) zeros += values[i] === 0 ? 1 : 0;
    masked += mask.length - countOnes(mask);
    all += mask.length;
  }
  expect(zeros).toBe(masked);
  return all === 0 ? 0 : masked / all;
}
