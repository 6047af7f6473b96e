/** A line of text that people read, and where it stands. Lines count from 1. */
export interface ReadLine {
  readonly line: number;
  readonly text: string;
}

const scripts = /\.(?:ts|mjs|js|cjs)$/;
const hashed = /\.(?:sh|ya?ml)$|(?:^|\/)\.ci\/[^/.]+$/;

/** The comments of a source file or shell script, line by line; for other files nothing. */
export function commentLines(file: string, source: string): ReadLine[] {
  const take = scripts.test(file) ? scriptComments() : hashed.test(file) ? hashComment : undefined;
  if (take === undefined) return [];
  return source
    .split('\n')
    .map((line, index) => ({ line: index + 1, text: take(line) }))
    .filter(({ text }) => text !== '');
}

function hashComment(line: string): string {
  return /(?:^|\s)#.*$/.exec(line)?.[0] ?? '';
}

/** Lines of block comments, and what follows `//`; an address such as `https://…` begins no comment. */
function scriptComments(): (line: string) => string {
  let inBlock = false;
  return line => {
    const begins = inBlock ? 0 : line.search(/\/\*/);
    if (begins >= 0) {
      const end = line.indexOf('*/', begins);
      inBlock = end < 0;
      return line.slice(begins, end < 0 ? undefined : end);
    }
    return /(?:^|[^:])(\/\/.*)$/.exec(line)?.[1] ?? '';
  };
}
