import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Fixture } from './common/fixture.js';
import { wordProblems } from './words.js';

let tree: Fixture;

/** What a repository with one file is told. */
function problemsOf(file: string, text: string): string[] {
  tree.write({ [file]: text });
  return wordProblems(tree.root).map(({ where, what }) => `${where} ${what}`);
}

beforeEach(() => {
  tree = new Fixture();
  execFileSync('git', ['init', '-q'], { cwd: tree.root });
});

afterEach(() => tree.dispose());

it.each([
  ['code', 'packages/x/src/a.ts', 'const x = 1;\nconst normalise = 1;', 'normalise'],
  ['a part of a name', 'packages/x/src/a.ts', '\nconst cifar10Normalisation = 1;', 'Normalisation'],
  ['a comment', 'packages/x/src/a.ts', '\n// the colour of it', 'colour'],
  ['a page', 'docs/a.md', '# A\nIts behaviour.', 'behaviour'],
])('reports a British spelling in %s, with its line', (_, file, text, word) => {
  const found = problemsOf(file, text);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^${file}:2 says "${word}"`));
});

it.each([
  ['The gradient by the input.', 'gradient with respect to'],
  ['What goes in.', 'input, output'],
  ['By transformed weights.', 'Winograd'],
  ['The share of the weights.', 'fraction'],
  ['Moves the kept weights.', 'active'],
  ['How it is cut up.', 'partition'],
  ['A data set.', 'dataset'],
  ['Two pictures.', 'image'],
])('reports the term of "%s"', (text, instead) => {
  expect(problemsOf('docs/a.md', text)).toEqual([
    expect.stringMatching(new RegExp(`^docs/a.md:1 says .*say ${instead}$`)),
  ]);
});

it.each(['Turnstile', 'TensorShelf', 'Wishes', 'Patience', 'findBeginning', 'breather', 'belongings', 'PictureView'])(
  'reports the former name %s',
  name => {
    expect(problemsOf('packages/x/src/a.ts', `export class ${name} {}`)).not.toEqual([]);
  },
);

it('reports a word in the name of a file', () => {
  expect(problemsOf('src/tensor-shelf.ts', '')).toEqual([
    'src/tensor-shelf.ts says "tensor-shelf"; say TensorReader, WeightReader',
  ]);
  expect(problemsOf('docs/picture-batch.md', '')).toContain('docs/picture-batch.md says "picture"; say image');
});

const long = 'a'.repeat(121);

it.each([
  ['a comment', `// ${long}`],
  ['a docstring', `/**\n * ${long}\n */`],
  ['code', `export const x = ${long};`],
])('reports a line of %s that is too long', (_, text) => {
  expect(problemsOf('src/a.ts', text).join()).toMatch(/^src\/a\.ts:\d has \d+ characters/);
});

it.each([
  ['a string', 'src/a.ts', `export const x = '${long}';`],
  ['a template of many lines', 'src/a.ts', `export const x = \`\n${long}\n\`;`],
  ['an address', 'src/a.ts', `// https://example.org/${long}`],
  ['a table', 'src/a.ts', `/**\n * | ${long} |\n */`],
  ['a page', 'docs/a.md', long],
  ['what a program wrote', 'assembly/generated/a.ts', `// ${long}`],
])('leaves the length of %s alone', (_, file, text) => {
  expect(problemsOf(file, text)).toEqual([]);
});

it('reports fields that are grouped by a spread', () => {
  expect(problemsOf('src/a.ts', 'const x = {\n  ...{ a, b },\n};')).toEqual([
    'src/a.ts:2 groups fields by a spread; write the fields out',
  ]);
  expect(problemsOf('src/a.ts', 'const x = { ...y, ...(z ? { z } : {}) };')).toEqual([]);
});

it.each([
  ['names of other libraries', 'src/a.ts', "image.toColourspace('b-w');"],
  ['what is spelled alike', 'docs/a.md', 'Otherwise a promise of noise is pointwise; precise, raised, exercise.'],
  ['records', 'docs/decisions/a.md', 'The behaviour of pictures.'],
  ['results', 'bench/results/a.md', 'The behaviour.'],
  ['the counts that distributions give', 'docs/a.md', 'The kept count, `keptCount(n, s)`.'],
])('finds nothing wrong with %s', (_, file, text) => {
  expect(problemsOf(file, text)).toEqual([]);
});
