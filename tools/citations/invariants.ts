/** Words for methods and their letters, as the pages below `docs/methods` have them. */
const names = 'magnitude M|imp P|rigl R|granet N|lth L|acdc A|gap G|str S|woodfisher W|transfer T';

const cited = new RegExp(`\\b(?:${names})\\d+\\b`, 'g');
const defined = new RegExp(`^- \\*\\*((?:${names})\\d+)\\*\\*`, 'gm');

/** Invariants that a page defines: list items that begin with a bold name. */
export function invariantsOf(page: string): string[] {
  return [...page.matchAll(defined)].map(([, name = '']) => name);
}

/** An invariant that a text names, and its line. */
export interface CitedInvariant {
  readonly line: number;
  readonly name: string;
}

/** Every invariant that a text names. */
export function citedInvariants(text: string): CitedInvariant[] {
  return byLine(text, cited);
}

/** Invariants that go by a number alone, which nobody can look up. */
export function namelessInvariants(text: string): CitedInvariant[] {
  return byLine(text, /\binvariants? \d+\b/gi);
}

function byLine(text: string, pattern: RegExp): CitedInvariant[] {
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(pattern)].map(([name]) => ({ line: index + 1, name })));
}
