import { compilerOptions } from './compiler-options.js';
import { isProgram, type Problem, report } from './problem.js';
import { manifestProblems } from './shape/manifest.js';
import { methodProblems } from './shape/method.js';
import { readmeProblems } from './shape/readme.js';
import { repositoryRoot, workspacePackages } from './workspace.js';

/** What is wrong with the shape of the packages under `packages/`: package.json, README and, for methods, exports. */
export function packageShapeProblems(root: string): Problem[] {
  const options = compilerOptions(root);
  return workspacePackages(root).flatMap(target => [
    ...manifestProblems(target),
    ...readmeProblems(target),
    ...(target.folder.startsWith('prune-') ? methodProblems(target, options) : []),
  ]);
}

if (isProgram(import.meta.filename)) {
  report(
    packageShapeProblems(repositoryRoot),
    `${workspacePackages(repositoryRoot).length} packages have the agreed shape.`,
  );
}
