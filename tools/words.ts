import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryFiles } from './common/repository-files.js';
import { repositoryRoot } from './common/workspace.js';
import { longLines } from './words/long-lines.js';
import { names } from './words/names.js';
import { spelling } from './words/spelling.js';
import { terms } from './words/terms.js';
import type { Word } from './words/word.js';

const isText = /\.(?:md|ts|mjs|js|sh|html)$|(?:^|\/)\.ci\/[^/.]+$/;
/** What was decided or is to be announced is not edited, nor what a program measured; these tools name what they forbid. */
const isPassedOver = /^(?:docs\/decisions|\.changeset|bench\/results|tools\/words)/;
const words: readonly Word[] = [...spelling, ...terms, ...names];
/** `...{ a, b }`, which groups fields and does nothing. */
const grouping = /\.\.\.\{ (?!\.\.\.)[^?]*\}(?! (?:as|satisfies)\b)/;

/** Words that the repository does not use, in its text files and their names, lines that are too long, and grouping spreads. */
export function wordProblems(root: string): Problem[] {
  return repositoryFiles(root)
    .filter(file => isText.test(file) && !isPassedOver.test(file))
    .flatMap(file => fileProblems(file, readFileSync(join(root, file), 'utf8')));
}

function fileProblems(file: string, source: string): Problem[] {
  const isCode = /\.(?:ts|mjs)$/.test(file);
  return [
    ...inName(file),
    ...source.split('\n').flatMap((text, index) => found(file, text, `${file}:${index + 1}`)),
    ...longLines(file, source).map(({ line, text }) => ({
      where: `${file}:${line}`,
      what: `has ${text.length} characters; lines of code and comments have at most 120`,
    })),
    ...(isCode ? source.split('\n') : []).flatMap((text, index) =>
      grouping.test(text)
        ? [{ where: `${file}:${index + 1}`, what: 'groups fields by a spread; write the fields out' }]
        : [],
    ),
  ];
}

/** Words in the name of a file, as they stand there or between hyphens. */
function inName(file: string): Problem[] {
  const problems = found(file, `${file} ${file.replace(/[-_/.]/g, ' ')}`, file);
  return problems.filter(({ what }, index) => problems.findIndex(other => other.what === what) === index);
}

function found(file: string, text: string, where: string): Problem[] {
  return words.flatMap(({ pattern, instead, files, allowed = [] }) => {
    if (files?.test(file) === false || allowed.some(line => line.test(`${file}: ${text}`))) return [];
    return [...text.matchAll(pattern)].map(([word]) => ({ where, what: `says "${word}"; say ${instead}` }));
  });
}

if (isProgram(import.meta.filename))
  report(wordProblems(repositoryRoot), 'Every word is the one that the repository uses.');
