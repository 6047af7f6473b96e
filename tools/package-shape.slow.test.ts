import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Files, Fixture } from './common/fixture.js';
import { packageShapeProblems } from './package-shape.js';

const manifest = {
  name: '@espalier/prune-soft-threshold',
  description: 'A method that exists for this test.',
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  keywords: ['pruning-method'],
  engines: { node: '>=20.19' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  files: ['dist', 'src', '!src/**/*.test.ts', 'README.md'],
  publishConfig: { access: 'public' },
};

const readme = [
  '# @espalier/prune-soft-threshold',
  ...['What is this?', 'When should I use this?', 'Install', 'Use', 'An extra heading', 'API'],
  ...['What it does to your training', 'Differences from the paper', 'Compatibility', 'Cite'],
].join('\n\n## ');

const index = `
export interface PruningMethod { readonly name: string }
export interface SoftThresholdOptions { readonly sparsity: number }
export function softThreshold(options: SoftThresholdOptions): PruningMethod { return { name: String(options.sparsity) }; }
export function helper(): number { return 1; }
`;

const FOLDER = 'packages/prune-soft-threshold';

const good: Files = {
  'tsconfig.json': JSON.stringify({ compilerOptions: { strict: true, target: 'ES2022', types: [] } }),
  [`${FOLDER}/package.json`]: JSON.stringify(manifest),
  [`${FOLDER}/README.md`]: readme,
  [`${FOLDER}/src/index.ts`]: index,
  [`${FOLDER}/test/contract.test.ts`]: 'describeMethodContract({ create: () => softThreshold({ sparsity: 0.5 }) });',
};

const withManifest = (change: object): Files => ({
  [`${FOLDER}/package.json`]: JSON.stringify({ ...manifest, ...change }),
});
const family = withManifest({ espalier: { creators: ['softThreshold', 'hardThreshold'] } });

const broken: readonly (readonly [what: string, files: Files, problem: RegExp])[] = [
  ['another name than the folder', withManifest({ name: '@espalier/other' }), /"name" must be/],
  ['no description', withManifest({ description: '' }), /"description"/],
  ['another license', withManifest({ license: 'MIT' }), /"license"/],
  ['CommonJS', withManifest({ type: 'commonjs' }), /"type"/],
  ['a main field', withManifest({ main: './dist/index.js' }), /"main"/],
  ['private', withManifest({ private: true }), /"private"/],
  ['side effects', withManifest({ sideEffects: true }), /"sideEffects"/],
  ['no engines', withManifest({ engines: {} }), /"engines"/],
  ['restricted access', withManifest({ publishConfig: {} }), /"publishConfig/],
  ['no README in the package', withManifest({ files: ['dist'] }), /"files" must list/],
  ['tests in the package', withManifest({ files: ['dist', 'src', 'README.md'] }), /leave tests out/],
  ['no keyword', withManifest({ keywords: [] }), /must contain pruning-method/],
  ['no root export', withManifest({ exports: { './package.json': './package.json' } }), /must have "\."/],
  ['no package.json export', withManifest({ exports: { '.': manifest.exports['.'] } }), /must have "\.\/package/],
  [
    'types after default',
    withManifest({ exports: { ...manifest.exports, './x': { default: './dist/x.js', types: './dist/x.d.ts' } } }),
    /"types" first/,
  ],
  [
    'an example that imports what is not installed',
    { [`${FOLDER}/README.md`]: `${readme}\n\n\`\`\`ts\nimport * as tf from '@tensorflow/tfjs-core';\n\`\`\`\n` },
    /does not say to install: @tensorflow\/tfjs-core$/,
  ],
  ['headings in another order', { [`${FOLDER}/README.md`]: readme.replace('Cite', 'Install') }, /needs the headings/],
  ['another title', { [`${FOLDER}/README.md`]: readme.replace('# @espalier/', '# ') }, /needs one title/],
  [
    'a creator of another name',
    { [`${FOLDER}/src/index.ts`]: index.replace('n softT', 'n t') },
    /must export the creator/,
  ],
  [
    'an options type that is not exported',
    { [`${FOLDER}/src/index.ts`]: index.replace('export interface Soft', 'interface Soft') },
    /must export the options type/,
  ],
  [
    'a second creator',
    { [`${FOLDER}/src/index.ts`]: `${index}export function more(): PruningMethod { return { name: '' }; }` },
    /exports more, a creator that package.json does not list/,
  ],
  ['a declared creator that is missing', family, /must export the creator hardThreshold/],
  ['a creator without contract test', family, /no test calls describeMethodContract with hardThreshold/],
];

describe('packageShapeProblems', () => {
  let tree: Fixture;

  beforeEach(() => {
    tree = new Fixture();
    tree.write(good);
  });

  afterEach(() => tree.dispose());

  const found = (): string[] => packageShapeProblems(tree.root).map(({ where, what }) => `${where}: ${what}`);

  it('is empty for a method package of the agreed shape', () => {
    expect(found()).toEqual([]);
  });

  it('asks other packages for the six common headings and no contract test', () => {
    const core = { ...manifest, name: '@espalier/core', keywords: [] };
    const headings = ['# @espalier/core', 'What is this?', 'When should I use this?', 'Install', 'Use', 'API'];
    tree.write({
      'packages/core/package.json': JSON.stringify(core),
      'packages/core/README.md': [...headings, 'Compatibility'].join('\n\n## '),
    });
    expect(found()).toEqual([]);
  });

  it('reports a missing README', () => {
    tree.write({ 'packages/core/package.json': JSON.stringify({ ...manifest, name: '@espalier/core', keywords: [] }) });
    expect(found()).toEqual(['packages/core/README.md: is missing']);
  });

  it.each(broken)('reports %s', (_what, files, problem) => {
    tree.write(files);
    expect(found().join('\n')).toMatch(problem);
  });
});
