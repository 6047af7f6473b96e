import type { Problem } from '../common/problem.js';
import type { Manifest, WorkspacePackage } from '../common/workspace.js';

const isMethod = (folder: string): boolean => folder.startsWith('prune-');

/** Each condition is true of a well-formed package.json. */
const conditions: readonly (readonly [what: string, holds: (manifest: Manifest, folder: string) => boolean])[] = [
  ['"name" must be @espalier/ and the folder', (m, folder) => m.name === `@espalier/${folder}`],
  ['"description" must be a sentence', m => (m.description ?? '').length >= 20],
  ['"license" must be Apache-2.0', m => m.license === 'Apache-2.0'],
  ['"type" must be module', m => m.type === 'module'],
  ['"main" must be absent, "exports" says it all', m => m.main === undefined],
  ['"private" must be absent', m => m.private === undefined],
  ['"sideEffects" must be false', m => m.sideEffects === false],
  ['"engines" must ask for Node >=20.19', m => m.engines?.node === '>=20.19'],
  ['"publishConfig.access" must be public', m => m.publishConfig?.access === 'public'],
  ['"files" must list dist and README.md', m => ['dist', 'README.md'].every(file => m.files?.includes(file))],
  ['"files" must leave tests out of src', m => !m.files?.includes('src') || m.files.includes('!src/**/*.test.ts')],
  ['"exports" must have "."', m => m.exports?.['.'] !== undefined],
  ['"exports" must have "./package.json"', m => m.exports?.['./package.json'] === './package.json'],
  ['every condition set of "exports" must be "types" first, then "default", both in dist', m => exportsAreTyped(m)],
  ['"keywords" must contain pruning-method', (m, folder) => !isMethod(folder) || hasKeyword(m)],
  ['"keywords" must not contain pruning-method', (m, folder) => isMethod(folder) || !hasKeyword(m)],
];

const hasKeyword = (manifest: Manifest): boolean => manifest.keywords?.includes('pruning-method') ?? false;

function exportsAreTyped({ exports = {} }: Manifest): boolean {
  return Object.values(exports)
    .filter(target => typeof target !== 'string')
    .every(target => {
      const entries = Object.entries(target);
      const inDist = entries.every(([, file]) => file.startsWith('./dist/'));
      return inDist && entries.map(([condition]) => condition).join() === 'types,default';
    });
}

/** What is wrong with a package.json. */
export function manifestProblems({ folder, manifest }: WorkspacePackage): Problem[] {
  return conditions
    .filter(([, holds]) => !holds(manifest, folder))
    .map(([what]) => ({ where: `packages/${folder}/package.json`, what }));
}
