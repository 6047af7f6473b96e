import type { ReadLine } from './comments.js';
import { commentLines } from './comments.js';

/** Sources that users get, where errors are defined. */
const isSource = /^packages\/[^/]+\/src\/.*(?<!\.test)\.ts$/;
/** Pages that tell users which errors there are. */
const isPage = /^(?:README|(?:packages\/[^/]+|examples\/.+)\/README|docs\/(?:(?:guide|methods)\/)?[^/]+)\.md$/;

/**
 * An error code such as `INVALID_OPTION`, or a class such as `InvalidOptionError`, as code in Markdown or as a link of
 * TSDoc.
 */
const named = /`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]\w*Error)`|\{@link (?:@[\w/-]+!)?([A-Z]\w*Error)\}/g;
const word = /\b(?:[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|[A-Z]\w*Error)\b/g;

/** Codes and classes of errors that stand in the code of the packages, comments aside; other words in capitals, too. */
export function errorNames(texts: readonly (readonly [file: string, text: string])[]): ReadonlySet<string> {
  return new Set(
    texts.filter(([file]) => isSource.test(file)).flatMap(([file, text]) => codeOf(file, text).match(word) ?? []),
  );
}

/** An error that users are told of, and its line. */
export interface CitedError {
  readonly line: number;
  readonly name: string;
}

/** Errors that a page names, or a comment of a source; nothing for other files. */
export function citedErrors(file: string, text: string): CitedError[] {
  return linesRead(file, text).flatMap(({ line, text: words }) =>
    [...words.matchAll(named)].map(([, code, linked]) => ({ line, name: (code ?? linked) as string })),
  );
}

function linesRead(file: string, text: string): readonly ReadLine[] {
  if (isPage.test(file)) return text.split('\n').map((words, index) => ({ line: index + 1, text: words }));
  return isSource.test(file) ? commentLines(file, text) : [];
}

function codeOf(file: string, text: string): string {
  const lines = text.split('\n');
  for (const { line, text: comment } of commentLines(file, text))
    lines[line - 1] = (lines[line - 1] as string).replace(comment, () => '');
  return lines.join('\n');
}
