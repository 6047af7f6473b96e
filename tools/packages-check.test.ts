import { expect, it } from 'vitest';
import type { Tarball } from './common/pack.js';
import { contentProblems } from './packages-check.js';

const packed = (...paths: string[]): Tarball => ({
  name: 'x',
  filename: 'x.tgz',
  files: paths.map(path => ({ path })),
});
const whole = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts'];

it('accepts a tarball with license, README and build', () => {
  expect(contentProblems(packed(...whole))).toEqual([]);
});

it.each(whole)('reports a tarball without %s', path => {
  const rest = whole.filter(other => other !== path);
  expect(contentProblems(packed(...rest))).toEqual([{ where: 'x', what: `${path} is not packed` }]);
});

it('reports a tarball with a test in it', () => {
  expect(contentProblems(packed(...whole, 'src/mask.test.ts'))).toEqual([
    { where: 'x', what: 'src/mask.test.ts is packed' },
  ]);
});
