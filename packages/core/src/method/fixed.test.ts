import { describe, expect, it } from 'vitest';
import { randomStreams } from '../random/random-streams.js';
import { fixed } from './fixed.js';

const view = { clock: { step: 0, position: 0, round: 0 }, layers: [], random: randomStreams(0, 0) };

describe('fixed', () => {
  it('starts with the masks it was given', () => {
    const masks = new Map([['a', Uint8Array.of(1, 0)]]);
    expect(fixed({ masks }).start(view)).toEqual({ state: null, masks });
  });

  it('starts without masks if it was given none', () => {
    expect(fixed().start(view)).toEqual({ state: null });
  });

  it('never asks to observe anything', () => {
    for (const position of [0, 1, 1000]) expect(fixed().plan({ step: position, position, round: 0 }, null)).toEqual({});
  });

  it('decides nothing, should anybody ask', () => {
    expect(fixed().decide(view, null)).toEqual({ state: null });
  });
});
