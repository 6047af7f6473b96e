import { visibleText } from '@espalier/core';

/** Longest line that is printed; a name in it may come from a file of any size. */
const LONGEST_LINE = 20_000;

/**
 * Lines for people as one text. What stands in a line may come from files: everything that a terminal would obey or
 * hide is shown instead, line breaks too, so that no name can pass for a line of its own. All that the command prints
 * for people goes through here.
 */
export function linesForPeople(lines: readonly string[]): string {
  return lines.map(line => visibleText(line, LONGEST_LINE)).join('\n');
}
