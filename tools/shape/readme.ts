import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { headings } from '../common/markdown.js';
import type { Problem } from '../common/problem.js';
import type { WorkspacePackage } from '../common/workspace.js';

const EVERY_PACKAGE = ['What is this?', 'When should I use this?', 'Install', 'Use', 'API', 'Compatibility'];
const METHOD_PACKAGE = [
  ...['What is this?', 'When should I use this?', 'Install', 'Use', 'API'],
  ...['What it does to your training', 'Differences from the paper', 'Compatibility', 'Cite'],
];

/** What is wrong with the second-level headings of a package's README; further headings are welcome. */
export function readmeProblems({ folder, path, manifest }: WorkspacePackage): Problem[] {
  const where = `packages/${folder}/README.md`;
  const file = join(path, 'README.md');
  if (!existsSync(file)) return [{ where, what: 'is missing' }];
  const markdown = readFileSync(file, 'utf8');
  const wanted = folder.startsWith('prune-') ? METHOD_PACKAGE : EVERY_PACKAGE;
  const found = headings(markdown, 2).filter(heading => wanted.includes(heading));
  const problems: Problem[] = [];
  if (found.join('\n') !== wanted.join('\n')) {
    problems.push({
      where,
      what: `needs the headings "${wanted.join('", "')}" in this order, has "${found.join('", "')}"`,
    });
  }
  if (headings(markdown, 1).join() !== manifest.name) {
    problems.push({ where, what: `needs one title, "# ${manifest.name}"` });
  }
  return problems;
}
