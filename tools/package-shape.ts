import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compilerOptions } from './common/compiler-options.js';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryRoot, workspacePackages } from './common/workspace.js';
import { installProblems } from './shape/installs.js';
import { manifestProblems } from './shape/manifest.js';
import { methodProblems } from './shape/method.js';
import { readmeProblems } from './shape/readme.js';

/**
 * What is wrong with the shape of the packages under `packages/`: package.json, README and, for methods, exports; and
 * with what READMEs and pages of the guide say to install.
 */
export function packageShapeProblems(root: string): Problem[] {
  const options = compilerOptions(root);
  return [
    ...workspacePackages(root).flatMap(target => [
      ...manifestProblems(target),
      ...readmeProblems(target),
      ...(target.folder.startsWith('prune-') ? methodProblems(target, options) : []),
    ]),
    ...pages(root).flatMap(page => installProblems(page, readFileSync(join(root, page), 'utf8'))),
  ];
}

/** Pages whose examples people paste into a project of their own. */
function pages(root: string): string[] {
  const guide = 'docs/guide';
  return [
    'README.md',
    ...workspacePackages(root).map(({ folder }) => `packages/${folder}/README.md`),
    ...(existsSync(join(root, guide)) ? readdirSync(join(root, guide)).map(name => `${guide}/${name}`) : []),
  ].filter(page => page.endsWith('.md') && existsSync(join(root, page)));
}

if (isProgram(import.meta.filename)) {
  report(
    packageShapeProblems(repositoryRoot),
    `${workspacePackages(repositoryRoot).length} packages have the agreed shape.`,
  );
}
