import { describe, expect, it } from 'vitest';
import { methodContract } from '../../src/testing/contract/method-contract.js';
import { thresholdToy } from '../toys/toy-hooked-methods.js';
import { dropGrowToy, gradualToy } from '../toys/toy-methods.js';
import { momentum } from './rig.js';

describe('methodContract', () => {
  it('has 10 cases for the method, and 9 for each optimizer', () => {
    expect(methodContract(dropGrowToy, { optimizers: { a: momentum, b: momentum } })).toHaveLength(10 + 2 * 9);
  });

  it('has one case more for a method that reparameterizes', () => {
    expect(methodContract(thresholdToy, { optimizers: { a: momentum } })).toHaveLength(11 + 9);
  });

  it('gives every case a name of its own', () => {
    const names = methodContract(gradualToy).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses to check nothing', () => {
    expect(() => methodContract(gradualToy, { optimizers: {} })).toThrow(/at least one optimizer/);
  });
});
