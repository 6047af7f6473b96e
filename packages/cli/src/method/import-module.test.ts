import { expect, it } from 'vitest';
import { isPath } from './import-module.js';

it.each([
  ['./own', true],
  ['../own', true],
  ['/own', true],
  ['.\\own', true],
  ['C:\\own', true],
  ['own.mjs', true],
  ['own.cts', true],
  ['rigl', false],
  ['@espalier/prune-rigl', false],
  ['own.json', false],
  ['prune.mjs-methods', false],
])('tells paths from names: %s', (reference, path) => {
  expect(isPath(reference)).toBe(path);
});
