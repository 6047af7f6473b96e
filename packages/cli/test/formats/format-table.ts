import { exportFormats } from '../../src/export/definitions.js';
import type { FormatRow } from './format-row.js';
import { readRows } from './read-rows.js';
import { refusedRows } from './refused-rows.js';

const heading = ['network', 'read', 'prune', 'save', 'export', 'run', 'written'];

const written = ({ written: by }: FormatRow): string => {
  if (by === 'checkpoint') return 'by `train`, `prune`';
  return by === 'none' ? 'no' : `by \`export --to ${by}\``;
};

/** The table of the README, in Markdown. */
export function formatTable(): string {
  const all = exportFormats.join(', ');
  const read = readRows.map(row => [
    row.format,
    `yes, as ${row.said}`,
    'yes',
    'yes',
    all,
    'sparse, tfjs',
    written(row),
  ]);
  const refused = refusedRows.map(({ format, code, remedy }) => [
    format,
    `no, \`${code}\`: ${remedy}`,
    'no',
    '',
    '',
    '',
    '',
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...[...read, ...refused].map(line)].join('\n');
}
