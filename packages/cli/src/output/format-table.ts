import { visibleText } from '@espalier/core';

/** Longest cell, so that one endless name does not widen every row. */
const LONGEST_CELL = 100;

/** Rows as lines with aligned columns: the first row is the head, the first column stands left and the others right. */
export function formatTable(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map(row => row.map(cell => visibleText(cell, LONGEST_CELL)));
  const widths = (shown[0] ?? []).map((_, column) =>
    shown.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  const lines = shown.map(row =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const rule = widths.map(width => '-'.repeat(width)).join('  ');
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}
