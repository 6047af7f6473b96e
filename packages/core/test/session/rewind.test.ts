import { expect, it } from 'vitest';
import { b, loss, masks, observeAt, scripted, useRig, values, w, withSession } from './rig.js';

useRig();

it('a decision may go back to the weights of a snapshot and stay where it is in time', async () => {
  const method = scripted({
    start: () => ({ state: null, snapshot: 'start' }),
    plan: observeAt(1, 'clock'),
    decide: () => ({
      state: null,
      rewind: { snapshot: 'start', restore: 'weights' },
      masks: masks('1110'),
    }),
  });
  await withSession(method, {}, async session => {
    await session.step(loss);
    await session.step(loss);
    expect(await values(w)).toEqual([1, 2, 3, 0]);
    expect(await values(b)).toEqual([5, 6]);
    expect(session.clock).toEqual({ step: 2, position: 2, round: 1 });
  });
});
