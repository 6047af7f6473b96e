import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { citationProblems } from './citations.js';
import { type Files, Fixture } from './common/fixture.js';

let tree: Fixture;

/** What a repository with these files, and some that are sound, is told. */
function problemsOf(files: Files): string[] {
  tree.write(files);
  return citationProblems(tree.root).map(({ where, what }) => `${where} ${what}`);
}

beforeEach(() => {
  tree = new Fixture();
  execFileSync('git', ['init', '-q'], { cwd: tree.root });
  tree.write({
    'README.md': '[The guide](docs/guide/masks.md) and [its folder](docs/guide).\n',
    'docs/guide/masks.md':
      '# Masks\n\n[Up](../../README.md#use), [site](/guide/masks), [API](/api/), [far](https://a.org/b.md).\n',
    'docs/methods/index.md': '- **magnitude M1**: exact counts.\n',
    'packages/core/README.md': '# core\n',
    'packages/core/src/mask.ts':
      '/** See README.md, docs/guide/masks.md and packages/core/src/mask.test.ts. */\nexport const a = 1;\n',
    'packages/core/src/mask.test.ts': "it('magnitude M1: keeps exact counts', () => {});\n",
  });
});

afterEach(() => tree.dispose());

it('finds nothing where every citation leads somewhere', () => {
  expect(problemsOf({})).toEqual([]);
});

it.each([
  ['a comment', 'src/a.ts', '// specs/rigl.md, section 6', 'specs/rigl.md'],
  ['a block comment', 'src/a.ts', '/*\n as ../shared/design/anchors.md has it\n*/', '../shared/design/anchors.md'],
  ['what follows code', 'src/a.ts', 'const a = 1; // see conventions.md', 'conventions.md'],
  ['a page', 'docs/a.md', 'Of `../shared/specs/rigl.md`.', '../shared/specs/rigl.md'],
  ['a page, by the name alone', 'docs/a.md', 'As guide/absent.md says.', 'guide/absent.md'],
  ['a page, of code', 'docs/a.md', 'It is `packages/core/src/absent.ts`.', 'packages/core/src/absent.ts'],
  ['a script', '.ci/run.sh', 'echo 1 # docs/absent.md', 'docs/absent.md'],
])('reports an absent file that is cited in %s', (_, file, text, path) => {
  const found = problemsOf({ [file]: text });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${file}:\\d+ cites ${path}, which is not`));
});

it.each(['./absent.md', '../guide/masks', '/guide/absent', 'masks.png'])('reports a link to %s', url => {
  expect(problemsOf({ 'docs/guide/a.md': `\n[x](${url})` })).toContain(
    `docs/guide/a.md:2 links to ${url}, which is not in the repository`,
  );
});

it.each([
  ['a string of code', 'src/a.ts', "const a = 'shared/kernel'; const b = 'absent.md';"],
  ['an address', 'src/a.ts', '// https://github.com/google-research/rigl/blob/master/ABSENT.md'],
  ['a placeholder', 'docs/a.md', '`packages/prune-<name>/src`, `bench/*.mjs`, `<suite>-speed.md`'],
  ['what is built', 'docs/a.md', '`packages/core/dist/index.js` and [API](../api/index.md)'],
  ['the place of data', 'src/a.ts', '// else ../shared/data, if it exists'],
  ['a path of a decision', 'docs/decisions/a.md', '`packages/core/src/moved.ts`'],
])('leaves %s alone', (_, file, text) => {
  expect(problemsOf({ [file]: text })).toEqual([]);
});

it('reports an invariant that no page defines', () => {
  expect(problemsOf({ 'packages/core/src/b.test.ts': "it('magnitude M2: …', () => {});" })).toEqual([
    'packages/core/src/b.test.ts:1 cites magnitude M2, which no page of docs/methods defines',
  ]);
});

it('reports an invariant that no test checks', () => {
  expect(problemsOf({ 'docs/methods/rigl.md': '- **rigl R1**: counts.' })).toEqual([
    'docs/methods/rigl.md no test checks rigl R1',
  ]);
});

it.each(['invariant 3: …', 'invariants 3 and 7: …'])('reports "%s", which goes by its number alone', title => {
  const [problem] = problemsOf({ 'packages/core/src/b.test.ts': `it('${title}', () => {});` });
  expect(problem).toMatch(/^packages\/core\/src\/b\.test\.ts:1 says "invariants? 3"/);
});

const source = "export class MaskError extends Error {\n  code = 'INVALID_MASK' as const;\n}\n";

it.each([
  ['a README', 'packages/core/README.md', '# core\n`INVALID_MASKS` is thrown', 2, 'INVALID_MASKS'],
  ['the guide', 'docs/guide/a.md', 'A `MasksError`.', 1, 'MasksError'],
  ['a page of a method', 'docs/methods/index.md', '- **magnitude M1**: exact, else `NO_MASK`.', 1, 'NO_MASK'],
  ['a docstring', 'packages/core/src/a.ts', '/**\n * @throws {@link MasksError} if so.\n */', 2, 'MasksError'],
  ['a comment that alone has it', 'packages/core/src/a.ts', "const a = 1; // as `NO_MASK` or 'NO_MASK'", 1, 'NO_MASK'],
])('reports an error that %s names and no source has', (_, file, text, line, name) => {
  const found = problemsOf({ 'packages/core/src/errors.ts': source, [file]: text });
  expect(found).toEqual([`${file}:${line} names ${name}, which no source of a package has`]);
});

it.each([
  ['a code and its class', 'docs/guide/a.md', '`INVALID_MASK` of `MaskError`'],
  ['a link to another package', 'packages/x/src/a.ts', '/** {@link @espalier/core!MaskError} */'],
  ['errors of decisions', 'docs/decisions/a.md', '`OLD_CODE`'],
  ['tests', 'packages/core/src/mask.test.ts', "it('magnitude M1: keeps', () => {}); // `OLD_CODE`"],
])('finds nothing wrong with %s', (_, file, text) => {
  expect(problemsOf({ 'packages/core/src/errors.ts': source, [file]: text })).toEqual([]);
});
