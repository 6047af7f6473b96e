import { describe, expect, it } from 'vitest';
import { apportion } from './apportion.js';

describe('apportion', () => {
  it('gives whole numbers near the shares that add up', () => {
    expect(apportion([1.6, 1.6, 1.8], [5, 5, 5], 5, 0)).toEqual([2, 1, 2]);
    expect(apportion([0.2, 9.8], [5, 20], 10, 1)).toEqual([1, 9]);
  });

  it('stops at the bounds instead of looping', () => {
    expect(apportion([1, 1], [1, 1], 5, 0)).toEqual([1, 1]);
    expect(apportion([0, 0], [3, 3], 1, 1)).toEqual([1, 1]);
  });
});
