import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryRoot, workspacePackages } from './common/workspace.js';

/** Names of packages that pending changesets announce. */
function announced(root: string): ReadonlySet<string> {
  const folder = join(root, '.changeset');
  const names = new Set<string>();
  for (const file of readdirSync(folder).filter(name => name.endsWith('.md') && name !== 'README.md')) {
    const [, frontMatter = ''] = readFileSync(join(folder, file), 'utf8').split(/^---$/m);
    for (const [, name = ''] of frontMatter.matchAll(/^['"]?([^'":]+)['"]?\s*:\s*(?:patch|minor|major)\s*$/gm))
      names.add(name);
  }
  return names;
}

/** Packages whose published sources changed since their version did, and that no changeset announces. */
export function changesetProblems(root: string): Problem[] {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  const pending = announced(root);
  return workspacePackages(root).flatMap(({ folder, manifest: { name = '' } }) => {
    const path = `packages/${folder}`;
    const released = git('log', '-1', '--format=%H', '-G', '"version":', '--', `${path}/package.json`);
    const changed = released === '' ? '' : git('diff', '--name-only', released, 'HEAD', '--', `${path}/src`);
    if (changed === '' || pending.has(name)) return [];
    return [{ where: path, what: `sources changed since ${released.slice(0, 9)} and no changeset names ${name}` }];
  });
}

if (isProgram(import.meta.filename))
  report(changesetProblems(repositoryRoot), 'Every changed package has a changeset.');
