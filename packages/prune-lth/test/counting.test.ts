import { countOnes } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { expect, it } from 'vitest';
import { lotteryTicket } from '../src/index.js';

/** What the README says about counting, beside facebookresearch/open_lth. */
it('of 100 weights at 0.2 there stay 80, 64 and 51, where open_lth keeps 79, 62 and 48', async () => {
  // 100 − 20, 80 − 16, 64 − ceil(12.8); there one more goes: 100 − 21, 79 − (ceil(15.8) + 1), 62 − (ceil(12.4) + 1).
  const method = lotteryTicket({ roundLength: 4, rounds: 3 });
  const weights = Array.from({ length: 100 }, (_, i) => i + 1);
  let mask = new Uint8Array(100).fill(1);
  const kept: number[] = [];
  for (const round of [0, 1, 2]) {
    const { masks } = await method.decide(viewAt({ position: 3, round }, layer('w', weights, { mask })), null);
    mask = Uint8Array.from(masks?.get('w') ?? []);
    kept.push(countOnes(mask));
  }
  expect(kept).toEqual([80, 64, 51]);
  let theirs = 100;
  const open = [0, 1, 2].map(() => (theirs -= Math.ceil(0.2 * theirs) + 1));
  expect(open).toEqual([79, 62, 48]);
});
