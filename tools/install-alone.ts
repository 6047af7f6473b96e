import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packAll, type Tarball } from './common/pack.js';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryRoot, workspacePackages } from './common/workspace.js';
import { pruningProgram } from './install/methods.js';

const TFJS = ['@tensorflow/tfjs-core', '@tensorflow/tfjs-layers', '@tensorflow/tfjs-backend-cpu'];
/** Optional peers that `@espalier/core/testing` and the WASM backend import. */
const PEERS = [...TFJS, '@tensorflow/tfjs-backend-wasm', 'vitest', 'fast-check'];

/** Installs tarballs and registry packages into an empty project and runs a program there. */
function runIn(folder: string, packages: readonly string[], program: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  writeFileSync(join(folder, 'program.js'), program);
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--ignore-scripts', ...quiet, ...packages], { cwd: folder, stdio: 'pipe' });
  execFileSync(process.execPath, ['program.js'], { cwd: folder, stdio: 'pipe', timeout: 120_000 });
}

/**
 * Copies an example elsewhere, installs what its package.json says, Espalier's packages from tarballs, and runs its
 * tests.
 */
function testCopy(example: string, folder: string, tarballs: readonly string[]): void {
  const source = join(repositoryRoot, example);
  const filter = (path: string): boolean => !/[\\/](node_modules|dist)$/.test(path);
  cpSync(source, folder, { recursive: true, filter });
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--ignore-scripts', ...quiet, '--no-save', ...tarballs], {
    cwd: folder,
    stdio: 'pipe',
  });
  for (const script of ['types', 'test']) {
    execFileSync('npm', ['run', script], { cwd: folder, stdio: 'pipe', timeout: 600_000 });
  }
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
    const core = tarballs.filter(({ name }) => name.endsWith('/core'));
    const methods = tarballs.filter(({ name }) => name.includes('/prune-'));
    const problems = [
      ...methods.flatMap(method =>
        attempt(`${method.name} alone`, () => {
          const packages = [...core, method].map(({ filename }) => filename);
          runIn(join(folder, method.name), [...packages, ...TFJS.map(pinned)], pruningProgram(method.name));
        }),
      ),
      ...attempt('all packages', () => runIn(join(folder, 'all'), [...files, ...PEERS.map(pinned)], importAll())),
      ...readdirSync(join(repositoryRoot, 'examples/methods')).flatMap(name =>
        attempt(`examples/methods/${name}, copied`, () => {
          const own = ['core', 'datasets', 'models', 'backend'];
          const packages = tarballs.filter(tarball => own.includes(tarball.name.replace('@espalier/', '')));
          testCopy(
            `examples/methods/${name}`,
            join(folder, name),
            packages.map(({ filename }) => filename),
          );
        }),
      ),
      ...attempt('espalier --help', () => {
        execFileSync(join(folder, 'all/node_modules/.bin/espalier'), ['--help'], { stdio: 'pipe' });
      }),
    ];
    report(
      problems,
      `${methods.length} methods prune on their own; ${files.length} packages install and import from their tarballs; copied examples test.`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
