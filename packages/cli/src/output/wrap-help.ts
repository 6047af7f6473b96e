import { stripVTControlCharacters } from 'node:util';

/** A name or option in the left column, which may be colored, and what is said of it. */
const entry = /^(\s*\S.*?\s{4})(\S.*)$/;

/**
 * Breaks the lines of a help text between words, so that what is said of an option stays in its column. Spaces at the
 * ends of lines are left out.
 *
 * @param columns - Characters in a line. A description keeps at least 40 of them, however wide the left column is.
 */
export function wrapHelp(text: string, columns: number): string {
  return text
    .split('\n')
    .flatMap(line => wrapLine(line.trimEnd(), columns))
    .join('\n');
}

function wrapLine(line: string, columns: number): string[] {
  const [, left = '', description = ''] = entry.exec(line) ?? [];
  const indent = stripVTControlCharacters(left).length;
  if (description === '') return [line];
  const width = Math.max(40, columns - indent);
  const rows: string[] = [];
  for (const word of description.split(/\s+/)) {
    const row = rows.at(-1);
    const fits = row !== undefined && stripVTControlCharacters(`${row} ${word}`).length <= width;
    if (fits) rows[rows.length - 1] = `${row} ${word}`;
    else rows.push(word);
  }
  return rows.map((row, index) => `${index === 0 ? left : ' '.repeat(indent)}${row}`);
}
