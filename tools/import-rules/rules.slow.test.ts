import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fixture } from '../common/fixture.js';
import { disobedient, obedient } from './cases.js';
import { importViolations } from './rules.js';

const METHODS = ['prune-magnitude', 'prune-rigl', 'prune-woodfisher'];
const PACKAGES = [
  'core',
  'backend',
  ...METHODS,
  'trainer',
  'datasets',
  'models',
  'runtime',
  'runtime-native',
  'onnx',
  'transfer',
  'cli',
];
const FOLDERS = ['packages', 'examples'];
const MODULES = ['@tensorflow/tfjs-core', 'vitest', 'sharp'];

describe('import rules', () => {
  let tree: Fixture;

  beforeEach(() => {
    tree = new Fixture();
    const paths = Object.fromEntries(
      PACKAGES.flatMap(name => [
        [`@espalier/${name}`, [`./packages/${name}/src/index.ts`]],
        [`@espalier/${name}/*`, [`./packages/${name}/src/*/index.ts`]],
      ]),
    );
    const compilerOptions = { baseUrl: '.', module: 'ESNext', moduleResolution: 'bundler', paths };
    tree.write({ 'tsconfig.json': JSON.stringify({ compilerOptions, include: FOLDERS }) });
    for (const name of MODULES) {
      tree.write({
        [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
        [`node_modules/${name}/index.js`]: '',
      });
    }
    for (const name of PACKAGES) {
      const manifest = {
        name: `@espalier/${name}`,
        version: '0.0.0',
        dependencies: name === 'datasets' ? { sharp: '1' } : {},
        peerDependencies: { '@tensorflow/tfjs-core': '4', ...(name === 'core' ? { vitest: '4' } : {}) },
        devDependencies: name === 'core' ? {} : { vitest: '4' },
      };
      tree.write({ [`packages/${name}/package.json`]: JSON.stringify(manifest) });
    }
    const outside = { name: 'outside', version: '0.0.0', devDependencies: { vitest: '4' } };
    tree.write({ 'examples/methods/outside/package.json': JSON.stringify(outside) });
    tree.write(obedient);
  });

  afterEach(() => tree.dispose());

  it('accept a tree in which every package keeps to its row', async () => {
    expect(await importViolations(tree.root, FOLDERS)).toEqual([]);
  });

  it.each(disobedient)('%s reports %s', async (rule, _what, files) => {
    tree.write(files);
    expect((await importViolations(tree.root, FOLDERS)).map(violation => violation.rule)).toContain(rule);
  });
});
