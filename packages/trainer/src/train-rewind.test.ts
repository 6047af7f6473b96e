import { fixed, type PruningMethod } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batches, rig } from '../test/rig.js';
import type { Batch } from './batch.js';
import { train } from './train/train.js';

guardTensors({ beforeEach, afterEach });

/** Goes back to where it was after position 1 whenever it comes to position 3. */
function rewinding(times: number): PruningMethod<null> {
  return {
    ...fixed(),
    name: 'rewinding',
    plan: ({ position }) => (position === 1 || position === 3 ? { observe: { kind: 'clock' } } : {}),
    decide: ({ clock: { position, round } }) => {
      if (position === 1) return { state: null, ...(round === 0 ? { snapshot: 'early' } : {}) };
      return { state: null, ...(round < times ? { rewind: { snapshot: 'early', restore: 'all' as const } } : {}) };
    },
  };
}

it('asks for the data of a position again when the method rewinds', async () => {
  const positions: number[] = [];
  const recording = (position: number): Batch => {
    positions.push(position);
    return batches(position);
  };
  const { clock } = await train({ ...(await rig(rewinding(2))), batches: recording, steps: 5 });
  expect(positions).toEqual([0, 1, 2, 3, 2, 3, 2, 3, 4]);
  expect(clock).toEqual({ step: 9, position: 5, round: 2 });
});

it('stops a method that rewinds for ever at the cap', async () => {
  const run = train({ ...(await rig(rewinding(Infinity))), batches, steps: 5, maximumSteps: 20 });
  await expect(run).rejects.toMatchObject({ code: 'STEP_LIMIT', limit: 20, steps: 5 });
});
