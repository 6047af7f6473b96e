import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { besidePathsIn, pagesIn, repositoryPathsIn } from './citations/cited-paths.js';
import { commentLines, type ReadLine } from './citations/comments.js';
import { citedErrors, errorNames } from './citations/error-names.js';
import { Tree } from './citations/files.js';
import { citedInvariants, invariantsOf, namelessInvariants } from './citations/invariants.js';
import { deadLinks } from './citations/links.js';
import { isProgram, type Problem, report } from './common/problem.js';
import { repositoryFiles } from './common/repository-files.js';
import { repositoryRoot } from './common/workspace.js';

const isText = /\.(?:md|ts|mjs|js|cjs|json|ya?ml|sh|html)$|(?:^|\/)\.ci\/[^/.]+$/;
const isTest = /\.test\.ts$/;
const isMethodPage = /^docs\/methods\/.*\.md$/;
/**
 * What was decided, or is to be announced, is not edited when files move: their links must hold, their paths need not.
 */
const isRecord = /^(?:docs\/decisions|\.changeset)\//;
/** Tests of these tools, which are about absent files. */
const isOwnTest = /^tools\/.*\.test\.ts$/;

/** Files of a repository by path, with the text of those that are text. */
function textFiles(root: string): ReadonlyMap<string, string> {
  const text = (file: string): string => (isText.test(file) ? readFileSync(join(root, file), 'utf8') : '');
  return new Map(repositoryFiles(root).map(file => [file, text(file)]));
}

/**
 * Citations of files that the repository lacks, in pages and in comments, of errors that no source has, and of
 * invariants that no page of `docs/methods` defines; and invariants that no test checks.
 */
export function citationProblems(root: string): Problem[] {
  const texts = [...textFiles(root)];
  const tree = new Tree(texts.map(([file]) => file));
  const read = texts.filter(([file]) => !isOwnTest.test(file));
  return [
    ...read.flatMap(([file, text]) => fileProblems(file, text, tree)),
    ...errorProblems(texts),
    ...invariantProblems(read),
  ];
}

function fileProblems(file: string, text: string, tree: Tree): Problem[] {
  const isPage = file.endsWith('.md');
  const lines: readonly ReadLine[] = isPage
    ? text.split('\n').map((line, index) => ({ line: index + 1, text: line }))
    : commentLines(file, text);
  const dead = isPage ? deadLinks(file, text, tree) : [];
  return [
    ...dead.map(({ line, url }) => ({
      where: `${file}:${line}`,
      what: `links to ${url}, which is not in the repository`,
    })),
    ...lines.flatMap(({ line, text: words }) =>
      absent(file, words, tree).map(path => ({
        where: `${file}:${line}`,
        what: `cites ${path}, which is not in the repository`,
      })),
    ),
  ];
}

function absent(file: string, words: string, tree: Tree): string[] {
  const beside = besidePathsIn(words);
  const own = isRecord.test(file) ? [] : [...pagesIn(words), ...repositoryPathsIn(words)];
  return [...new Set([...beside, ...own.filter(path => !tree.reaches(file, path))])];
}

function errorProblems(texts: readonly (readonly [string, string])[]): Problem[] {
  const known = errorNames(texts);
  return texts.flatMap(([file, text]) =>
    citedErrors(file, text)
      .filter(({ name }) => !known.has(name))
      .map(({ line, name }) => ({ where: `${file}:${line}`, what: `names ${name}, which no source of a package has` })),
  );
}

function invariantProblems(texts: readonly (readonly [string, string])[]): Problem[] {
  const defined = new Map(
    texts
      .filter(([file]) => isMethodPage.test(file))
      .flatMap(([file, text]) => invariantsOf(text).map(name => [name, file] as const)),
  );
  const tested = new Set(
    texts.filter(([file]) => isTest.test(file)).flatMap(([, text]) => citedInvariants(text).map(({ name }) => name)),
  );
  const wrong = texts.flatMap(([file, text]) => [
    ...citedInvariants(text)
      .filter(({ name }) => !defined.has(name))
      .map(({ line, name }) => ({
        where: `${file}:${line}`,
        what: `cites ${name}, which no page of docs/methods defines`,
      })),
    ...namelessInvariants(text).map(({ line, name }) => ({
      where: `${file}:${line}`,
      what: `says "${name}", which nobody can look up; name the method, as in "magnitude M3" (docs/methods/index.md)`,
    })),
  ]);
  const unchecked = [...defined].filter(([name]) => !tested.has(name));
  return [...wrong, ...unchecked.map(([name, where]) => ({ where, what: `no test checks ${name}` }))];
}

if (isProgram(import.meta.filename))
  report(citationProblems(repositoryRoot), 'Every cited file, error and invariant exists.');
