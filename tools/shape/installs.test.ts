import { expect, it } from 'vitest';
import { importedBy, installedBy, installProblems } from './installs.js';

it('reads what commands install: versions, flags and comments are no packages', () => {
  const shell = 'npm install --save-dev @a/b@1.2 c@^2 # not d\npnpm add e\nnpm run f\nnpx g';
  expect(installedBy(shell)).toEqual(['@a/b', 'c', 'e']);
});

it('reads what code imports: subpaths, side effects, types, dynamic imports; no files and nothing of Node.js', () => {
  const code = [
    "import '@a/b/c';",
    "import { x,\n  y } from 'd/e';",
    "import type { T } from 'f';",
    "export * from 'g';",
    "await import('h');",
    "import './own.js'; import 'node:fs'; import 'https://x.y/z.js';",
  ].join('\n');
  expect(importedBy(code)).toEqual(['@a/b', 'd', 'f', 'g', 'h']);
});

it('names every package that a page imports and does not install, once', () => {
  const page =
    "```sh\nnpm install a\n```\n\n```ts\nimport 'a';\nimport 'c';\n```\n\n```js\nimport 'b/x';\nimport 'c';\n```\n";
  expect(installProblems('page.md', page)).toEqual([
    { where: 'page.md', what: 'imports in its examples what it does not say to install: b c' },
  ]);
});
