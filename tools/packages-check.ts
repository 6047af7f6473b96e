import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { packAll, type Tarball } from './common/pack.js';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryRoot, workspacePackages } from './common/workspace.js';

/** Files that must be in every tarball; pnpm adds the root's license to packages that have none of their own. */
const REQUIRED = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts'];

/** What a tarball lacks, or holds though it should not. */
export function contentProblems({ name, files }: Tarball): Problem[] {
  const paths = files.map(({ path }) => path);
  const absent = REQUIRED.filter(path => !paths.includes(path)).map(path => ({
    where: name,
    what: `${path} is not packed`,
  }));
  const tests = paths
    .filter(path => /\.test\.(ts|js)$/.test(path))
    .map(path => ({ where: name, what: `${path} is packed` }));
  return [...absent, ...tests];
}

async function publintProblems({ name, filename }: Tarball): Promise<Problem[]> {
  const tarball = new Uint8Array(readFileSync(filename)).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, level: 'warning', strict: true });
  return messages.map(message => ({ where: name, what: `publint: ${formatMessage(message, pkg, { color: false })}` }));
}

function typeProblems({ name, filename }: Tarball, root: string): Problem[] {
  const attw = ['attw', filename, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  const { status, stdout } = spawnSync('npx', attw, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [{ where: name, what: `attw:\n${stdout.trim()}` }];
}

if (isProgram(import.meta.filename)) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-pack-'));
  try {
    const tarballs = packAll(repositoryRoot, folder);
    const problems: Problem[] = [];
    for (const { path, manifest } of workspacePackages(repositoryRoot)) {
      const tarball = tarballs.find(({ name }) => name === manifest.name);
      if (tarball === undefined) problems.push({ where: path, what: 'was not packed' });
      else {
        problems.push(...contentProblems(tarball), ...(await publintProblems(tarball)));
        problems.push(...typeProblems(tarball, repositoryRoot));
      }
    }
    report(problems, `publint and attw accept all ${tarballs.length} packages.`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
