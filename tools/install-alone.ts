import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll, type Tarball } from './pack.js';
import { isProgram, type Problem, report } from './problem.js';
import { repositoryRoot, workspacePackages } from './workspace.js';

const TFJS = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-cpu'];
/** Optional peers that `@espalier/core/testing` and the WASM backend import. */
const PEERS = [...TFJS, '@tensorflow/tfjs-backend-wasm', 'vitest', 'fast-check'];

/** Prunes a small model with nothing installed but a method, core and TensorFlow.js, and counts the zeros it left. */
const PRUNE = `
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { magnitude } from '@espalier/prune-magnitude';

const model = sequential({ layers: [layers.dense({ name: 'dense', units: 4, inputShape: [6] })] });
const method = magnitude({ sparsity: 0.75, cadence: { start: 2, end: 8, every: 2 } });
const session = await PruningSession.start(method, { weights: modelWeights(model), optimizer: tf.train.adam(0.01) });
const x = tf.randomNormal([16, 6], 0, 1, 'float32', 1);
for (let i = 0; i < 10; i++) await session.step(() => tf.mean(tf.square(model.apply(x, { training: true }))));
const kernel = await model.getWeights()[0].data();
const zeros = kernel.filter(value => value === 0).length;
if (zeros !== 18) throw new Error(\`\${zeros} of 24 entries are zero, 18 expected\`);
`;

/** Installs tarballs and registry packages into an empty project and runs a program there. */
function runIn(folder: string, packages: readonly string[], program: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  writeFileSync(join(folder, 'program.js'), program);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--ignore-scripts', ...quiet, ...packages], { cwd: folder, stdio: 'pipe' });
  execFileSync(process.execPath, ['program.js'], { cwd: folder, stdio: 'pipe', timeout: 120_000 });
}

/** `name@version` as this repository has it installed, so that the registry serves what was tested. */
function pinned(name: string): string {
  const manifest = join(repositoryRoot, 'node_modules', name, 'package.json');
  return `${name}@${(JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version}`;
}

/** Imports every entry point of every package. */
function importAll(): string {
  const paths = workspacePackages(repositoryRoot).flatMap(({ manifest: { name = '', exports = {} } }) =>
    Object.entries(exports).flatMap(([path, target]) =>
      typeof target === 'string' ? [] : [`${name}${path.slice(1)}`],
    ),
  );
  const check = "if (Object.keys(await import(path)).length === 0) throw new Error(path + ' exports nothing');";
  return `for (const path of ${JSON.stringify(paths)}) {\n  ${check}\n}\n`;
}

function attempt(where: string, act: () => void): Problem[] {
  try {
    act();
    return [];
  } catch (error) {
    const { stderr, message } = error as { stderr?: Buffer; message: string };
    return [{ where, what: stderr?.toString().trim() || message }];
  }
}

if (isProgram(import.meta.filename)) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-install-'));
  try {
    const tarballs: Tarball[] = packAll(repositoryRoot, folder);
    const files = tarballs.map(({ filename }) => filename);
    const alone = tarballs.filter(({ name }) => /\/(core|prune-magnitude)$/.test(name)).map(({ filename }) => filename);
    const problems = [
      ...attempt('prune-magnitude alone', () => runIn(join(folder, 'alone'), [...alone, ...TFJS.map(pinned)], PRUNE)),
      ...attempt('all packages', () => runIn(join(folder, 'all'), [...files, ...PEERS.map(pinned)], importAll())),
      ...attempt('espalier --help', () => {
        execFileSync(join(folder, 'all/node_modules/.bin/espalier'), ['--help'], { stdio: 'pipe' });
      }),
    ];
    report(
      problems,
      `prune-magnitude prunes on its own; ${files.length} packages install and import from their tarballs.`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
