import { expect, it } from 'vitest';
import { InvalidOptionError } from '../errors/option-errors.js';
import { bitsOf, maskOf } from './mask-of.js';

it('maskOf reads digits and ignores spaces', () => {
  expect(maskOf('10 0 1')).toEqual(Uint8Array.of(1, 0, 0, 1));
  expect(maskOf('')).toEqual(new Uint8Array(0));
});

it('maskOf refuses anything else', () => {
  expect(() => maskOf('102')).toThrow(InvalidOptionError);
});

it('bitsOf writes what maskOf reads', () => {
  expect(bitsOf(maskOf('0110'))).toBe('0110');
});
