import { describe, expect, it } from 'vitest';
import { InvalidOptionError, UnknownOptionError } from '../errors/option-errors.js';
import { randomStreams } from '../random/random-streams.js';
import { layer, viewAt } from './views.js';

describe('layer', () => {
  it('shows zeros beneath the mask, as a session does', () => {
    expect(layer('w', [3, -1, 2], { mask: [1, 0, 1], gradient: [4, 5, 6] })).toEqual({
      name: 'w',
      shape: [3],
      size: 3,
      weights: Float32Array.of(3, 0, 2),
      mask: Uint8Array.of(1, 0, 1),
      gradient: Float32Array.of(4, 5, 6),
    });
  });

  it.each([
    ['a mask of another size', { mask: [1] }],
    ['a gradient of another size', { gradient: [1, 2, 3] }],
    ['a shape of another size', { shape: [2, 2] }],
    ['a mask that is no array', { mask: 1 as unknown as number[] }],
  ])('refuses %s', (_, options) => {
    expect(() => layer('w', [1, 2], options)).toThrow(InvalidOptionError);
  });

  it('refuses another option', () => {
    expect(() => layer('w', [1], { masks: [1] } as never)).toThrow(UnknownOptionError);
  });
});

describe('viewAt', () => {
  it('draws the same random numbers at a position in every process', () => {
    const draw = viewAt(3).random('growth');
    const again = randomStreams(7, 3)('growth');
    expect([draw(), draw()]).toEqual([again(), again()]);
  });

  it('shows position and round', () => {
    const a = layer('a', [1]);
    expect(viewAt({ position: 9, round: 2 }, a)).toMatchObject({
      clock: { step: 9, position: 9, round: 2 },
      layers: [a],
    });
  });
});
