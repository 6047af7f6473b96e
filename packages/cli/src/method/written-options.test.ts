import { expect, it } from 'vitest';
import { writtenOptions } from './written-options.js';

const written = (...options: string[]) => writtenOptions(options.flatMap(option => ['--option', option]));

it('reads values as YAML and dots as nesting', () => {
  const options = written('cadence.every=50', 'cadence.start=0', 'structure=2:4', 'except=[]', 'sparsity=null');
  expect(options).toEqual({ cadence: { every: 50, start: 0 }, structure: '2:4', except: [], sparsity: null });
  expect(written('a=1e-3', 'b=true', 'c="7"', 'd={ base: uniform, dense: [x] }', 'e=x=y')).toEqual({
    a: 0.001,
    b: true,
    c: '7',
    e: 'x=y',
    d: { base: 'uniform', dense: ['x'] },
  });
});

it.each([
  [['cadence'], 'must be name=value'],
  [['=5'], 'must be name=value'],
  [['__proto__.x=5'], 'must be name=value'],
  [['a=1', 'a=2'], '--option a is given twice'],
  [['a=1', 'a.b=2'], '--option a.b is given twice'],
  [['a.b=2', 'a=1'], '--option a is given twice'],
  [['a=[1'], 'is no YAML'],
  [['a=[&x 1, *x]'], 'aliases'],
  [[`a=${'x'.repeat(100_001)}`], '100001 characters'],
])('refuses %j', (options, message) => {
  expect(() => written(...options)).toThrow(
    expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
  );
});
