import { describe, expect, it } from 'vitest';
import type { Graph } from '../graph/graph.js';
import { chooseKernels } from '../plan/choose-kernels.js';
import { shapesOnly } from '../plan/memory/reserve.js';
import { tuneConvolutions } from '../plan/tuning/tune.js';
import { tuneLanes } from '../plan/tuning/tune-lanes.js';
import { bestLanes, registersOf } from './lanes.js';
import { unlessFull } from './unless-full.js';

const target = { threads: 1, instructions: 'simd' } as const;

/** A convolution that reads 1 GiB and writes 1 GiB: with anything else that is more than a heap may hold. */
const shape = [1024, 1024, 256] as const;
const huge: Graph = {
  input: { name: 'x', shape },
  nodes: [
    {
      kind: 'convolution',
      name: 'y',
      inputs: ['x'],
      shape,
      kernel: new Float32Array(256 * 256).fill(1, 0, 1),
      kernelShape: [1, 1, 256, 256],
      strides: [1, 1],
      dilations: [1, 1],
      padding: { top: 0, bottom: 0, left: 0, right: 0 },
      groups: 1,
      activation: 'linear',
    },
  ],
  output: 'y',
};

describe('where memory does not suffice for timing', () => {
  it('the tile width is guessed, and the guess is not remembered', async () => {
    const cache = new Map<string, string>();
    expect(await tuneLanes(huge, target, cache)).toBe(bestLanes(huge, registersOf('simd')));
    expect(cache.size).toBe(0);
  });

  it('no way to partition a convolution is chosen or remembered', async () => {
    const cache = new Map<string, string>();
    const guessed = chooseKernels(huge, shapesOnly(huge, 28), { threads: 1 });
    expect(await tuneConvolutions(huge, shapesOnly(huge, 28), guessed, target, cache)).toEqual(guessed);
    expect(cache.size).toBe(0);
  });

  it('other errors are not hidden', () => {
    expect(() =>
      unlessFull(() => {
        throw new RangeError('a bug');
      }),
    ).toThrow('a bug');
  });
});
