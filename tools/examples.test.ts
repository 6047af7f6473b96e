import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fixture } from './common/fixture.js';
import { type Example, examplesOfMarkdown, examplesOfRepository, examplesOfSource } from './examples/collect.js';
import { type ExampleModule, typeProblems, writeExamples } from './examples/compile.js';
import { executionProblems } from './examples/execute.js';

const guide = [
  'Text.',
  '',
  '```ts',
  'const a = 1;',
  '```',
  '',
  '```sh',
  'ls',
  '```',
  '',
  '- In a list:',
  '',
  '  ```ts no-run',
  '  run();',
  '  ```',
];

const source = `/** Not an example. */
export const first = 1;

/**
 * Two numbers.
 *
 * @example Add them.
 * \`\`\`ts
 * const sum: number =
 *   1 + 1;
 * \`\`\`
 */
export interface Pair {
  /**
   * The first.
   *
   * @example
   * \`\`\`ts
   * const x = 2;
   * \`\`\`
   */
  readonly first: number;
}
`;

const example = (code: string, runs = true): Example => ({ file: 'docs/page.md', line: 10, code, runs });

describe('examples', () => {
  let tree: Fixture;

  beforeEach(() => {
    tree = new Fixture();
  });

  afterEach(() => tree.dispose());

  const modules = (...examples: Example[]): ExampleModule[] => writeExamples(examples, join(tree.root, '.examples'));
  const options = { strict: true, types: [], lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] };

  it('of a page are its ts fences, which run unless they say no-run', () => {
    expect(examplesOfMarkdown('page.md', guide.join('\n'))).toEqual([
      { file: 'page.md', line: 4, code: 'const a = 1;', runs: true },
      { file: 'page.md', line: 14, code: 'run();', runs: false },
    ]);
  });

  it('of a source file are the fences of its doc comments, at their line, and never run', () => {
    expect(examplesOfSource('pair.ts', source)).toEqual([
      { file: 'pair.ts', line: 9, code: 'const sum: number =\n  1 + 1;', runs: false },
      { file: 'pair.ts', line: 19, code: 'const x = 2;', runs: false },
    ]);
  });

  it('of a repository come from sources, READMEs and the guide, and not from tests or generated pages', () => {
    tree.write({
      'README.md': guide.join('\n'),
      'packages/core/README.md': guide.join('\n'),
      'packages/core/src/pair.ts': source,
      'packages/core/src/pair.test.ts': source,
      'docs/guide/masks.md': guide.join('\n'),
      'docs/api/masks.md': guide.join('\n'),
    });
    expect(new Set(examplesOfRepository(tree.root).map(({ file }) => file))).toEqual(
      new Set(['README.md', 'packages/core/README.md', 'packages/core/src/pair.ts', 'docs/guide/masks.md']),
    );
  });

  it('that do not compile are reported at the line of the page they stand on', () => {
    const problems = typeProblems(modules(example('const fine = 1;\nconst wrong: string = fine;')), options);
    expect(problems).toEqual([
      { where: 'docs/page.md:11', what: "TS2322 Type 'number' is not assignable to type 'string'." },
    ]);
  });

  it('that are not TypeScript at all are reported', () => {
    expect(typeProblems(modules(example('const = ;')), options).map(({ where }) => where)).toContain('docs/page.md:10');
  });

  it('may use the same names and await at the top level', () => {
    const two = modules(example('const a = await 1;'), { ...example('const a = 2;'), line: 20 });
    expect(typeProblems(two, { ...options, module: 99, target: 9 })).toEqual([]);
  });

  it('that throw are reported with what they printed', async () => {
    const problems = await executionProblems(
      modules(example("console.log('so far');\nthrow new Error('no further');")),
      20_000,
    );
    expect(problems.map(({ where }) => where)).toEqual(['docs/page.md:10']);
    expect(problems[0]?.what).toMatch(/failed[\s\S]*no further/);
  });

  it('that hang are ended and reported', async () => {
    const problems = await executionProblems(modules(example('setInterval(() => undefined, 1000);')), 500);
    expect(problems[0]?.what).toMatch(/did not end within 0.5 s/);
  });

  it('that are marked no-run are not run', async () => {
    expect(await executionProblems(modules(example("throw new Error('ran');", false)), 20_000)).toEqual([]);
  });
});
