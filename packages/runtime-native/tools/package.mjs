/**
 * Writes the package of a platform's binary: `node tools/package.mjs <platform> [--binary <file>] [--out <folder>]`.
 * With `--dependencies` it instead lists all of them as optional dependencies in this package's own package.json, as
 * it is published: in the repository they would be asked of the registry before they are there.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { targets } from './targets.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const own = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { binary: { type: 'string' }, out: { type: 'string' }, dependencies: { type: 'boolean', default: false } },
});

const nameOf = platform => `${own.name}-${platform}`;

if (values.dependencies) {
  const optionalDependencies = Object.fromEntries(Object.keys(targets).map(name => [nameOf(name), own.version]));
  const path = join(values.out ?? here, 'package.json');
  writeFileSync(path, `${JSON.stringify({ ...own, optionalDependencies }, null, 2)}\n`);
  console.log(`wrote ${path}`);
} else {
  const [platform] = positionals;
  const target = targets[platform];
  if (target === undefined) {
    console.error(`package: name one of ${Object.keys(targets).join(', ')}.`);
    process.exit(1);
  }
  const folder = values.out ?? join(here, 'built', 'packages', platform);
  mkdirSync(folder, { recursive: true });
  const { version, license, engines, publishConfig } = own;
  const manifest = {
    name: nameOf(platform),
    version,
    description: `Kernels of ${own.name} for ${platform}.`,
    license,
    ...target.npm,
    engines,
    files: ['kernels.node', 'README.md'],
    exports: { './kernels.node': './kernels.node', './package.json': './package.json' },
    publishConfig,
  };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const readme = `# ${manifest.name}\n\nThe binary of [${own.name}](https://www.npmjs.com/package/${own.name}) for ${platform}.\n`;
  writeFileSync(join(folder, 'README.md'), readme);
  copyFileSync(values.binary ?? join(here, 'built', `${platform}.node`), join(folder, 'kernels.node'));
  console.log(`wrote ${folder}`);
}
