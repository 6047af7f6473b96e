import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/index.js';

/*
 * Files of sessions on a network of 4, 5 and 3 units after eight steps, made on 29 November 2026 with the packages of
 * that day (packed, at commit 0d81e34): a lottery ticket in its second round with its snapshot, and soft thresholds
 * with what they train beneath.
 */
const fixture = (name: string): Promise<Buffer> => readFile(new URL(`./fixtures/${name}.safetensors`, import.meta.url));

describe.each(['v1-lottery-ticket', 'v1-str'])('%s, a checkpoint of an earlier version,', name => {
  it('is read, and written again byte for byte', async () => {
    const bytes = await fixture(name);
    expect(Buffer.compare(encodeCheckpoint(decodeCheckpoint(bytes)), bytes)).toBe(0);
  });
});

it('the lottery ticket of an earlier version holds what was trained', async () => {
  const { method, clock, masks, weights, snapshots, slots } = decodeCheckpoint(await fixture('v1-lottery-ticket'));
  expect(method.name).toBe('lottery-ticket');
  // Round 1 ended after step 6 and went back to position 2; two more steps.
  expect(clock).toEqual({ step: 8, position: 4, round: 1 });
  expect([...weights].map(([key, { shape }]) => [key, shape])).toEqual([
    ['hidden/kernel', [4, 5]],
    ['hidden/bias', [5]],
    ['out/kernel', [5, 3]],
    ['out/bias', [3]],
  ]);
  for (const [key, mask] of masks) {
    const { values } = weights.get(key)!;
    expect([...values].map(Math.sign).map(Math.abs)).toEqual([...mask]);
  }
  expect(snapshots.size).toBe(1);
  expect(slots).toHaveLength(4);
});

it('the soft thresholds of an earlier version hold what is trained beneath', async () => {
  const { reparameterization } = decodeCheckpoint(await fixture('v1-str'));
  expect([...(reparameterization?.raw.keys() ?? [])]).toEqual(['hidden/kernel', 'out/kernel']);
});
