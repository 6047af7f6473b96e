import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryRoot } from './common/workspace.js';

const FILE = 'runs/quickstart/report.json';

/** The part of the quickstart's report that is checked. */
export interface QuickstartReport {
  readonly networks: readonly { readonly network: string; readonly accuracy: number; readonly sparsity: number }[];
}

/** What in the report breaks the quickstart's promises: it learns, prunes to 90 %, and loses at most one point. */
export function quickstartProblems({ networks }: QuickstartReport): Problem[] {
  const [dense, gradual] = ['dense', 'gradual'].map(name => networks.find(({ network }) => network === name));
  if (dense === undefined || gradual === undefined)
    return [{ where: FILE, what: 'has no dense or no gradual network' }];
  const lost = 100 * (dense.accuracy - gradual.accuracy);
  const checks: readonly (readonly [boolean, string])[] = [
    [dense.accuracy >= 0.9, `the dense network reaches an accuracy of ${dense.accuracy} only`],
    [Math.abs(gradual.sparsity - 0.9) < 1e-3, `the gradually pruned network has sparsity ${gradual.sparsity}, not 0.9`],
    [lost <= 1, `gradual pruning costs ${lost.toFixed(2)} points of accuracy, more than 1`],
  ];
  return checks.filter(([holds]) => !holds).map(([, what]) => ({ where: FILE, what }));
}

if (isProgram(import.meta.filename)) {
  const measured = JSON.parse(readFileSync(join(repositoryRoot, FILE), 'utf8')) as QuickstartReport;
  report(quickstartProblems(measured), 'Gradual pruning to 90 % stays within 1 point of the dense network.');
}
