import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { changesetProblems } from './changesets.js';
import { Fixture } from './common/fixture.js';

let tree: Fixture;

const commit = (): void => {
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['add', '-A'], { cwd: tree.root });
  execFileSync('git', [...identity, 'commit', '-qm', 'test'], { cwd: tree.root });
};

beforeEach(() => {
  tree = new Fixture();
  execFileSync('git', ['init', '-q'], { cwd: tree.root });
  tree.write({
    '.changeset/config.json': '{}',
    'packages/core/package.json': JSON.stringify({ name: '@espalier/core', version: '0.0.0' }),
    'packages/core/src/index.ts': 'export const a = 1;',
  });
  commit();
});

afterEach(() => tree.dispose());

it('asks for no changeset when nothing changed since the release', () => {
  expect(changesetProblems(tree.root)).toEqual([]);
});

it('reports a package that changed without a changeset', () => {
  tree.write({ 'packages/core/src/index.ts': 'export const a = 2;' });
  commit();
  expect(changesetProblems(tree.root).map(({ where }) => where)).toEqual(['packages/core']);
});

it('accepts a change that a changeset announces', () => {
  tree.write({
    'packages/core/src/index.ts': 'export const a = 2;',
    '.changeset/two.md': "---\n'@espalier/core': minor\n---\n\nTwo.\n",
  });
  commit();
  expect(changesetProblems(tree.root)).toEqual([]);
});

it('is not content with a changeset for another package', () => {
  tree.write({
    'packages/core/src/index.ts': 'export const a = 2;',
    '.changeset/two.md': "---\n'@espalier/trainer': minor\n---\n\nTwo for '@espalier/core': minor.\n",
  });
  commit();
  expect(changesetProblems(tree.root)).toHaveLength(1);
});
