import { join } from 'node:path';
import { compilerOptions } from './common/compiler-options.js';
import { isProgram, report } from './common/problem.js';
import { repositoryRoot } from './common/workspace.js';
import { examplesOfRepository } from './examples/collect.js';
import { typeProblems, writeExamples } from './examples/compile.js';
import { executionProblems } from './examples/execute.js';

/** Milliseconds one example may run. */
const LIMIT = 120_000;

/** Where the examples are written: inside `tools`, whose package.json names every package they import. */
const FOLDER = join(import.meta.dirname, '.examples');

if (isProgram(import.meta.filename)) {
  const examples = examplesOfRepository(repositoryRoot);
  const modules = writeExamples(examples, FOLDER);
  const problems = typeProblems(modules, compilerOptions(repositoryRoot));
  // An example that does not compile would only fail again when run, so files with such examples are left out.
  const broken = new Set(problems.map(({ where }) => where.replace(/:\d+$/, '')));
  const compiled = modules.filter(({ example }) => !broken.has(example.file));
  problems.push(...(await executionProblems(compiled, LIMIT)));
  const running = examples.filter(({ runs }) => runs).length;
  report(problems, `${examples.length} examples compile; ${running} of them run.`);
}
