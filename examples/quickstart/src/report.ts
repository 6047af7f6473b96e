import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { BackendDescription } from '@espalier/backend';
import type { Bytes } from './measure.js';
import type { recipe } from './recipe.js';
import type { CurvePoint } from './train-digits.js';

/** One line of the table. */
export interface Row {
  readonly network: string;
  /** What was trained for how long. */
  readonly training: string;
  /** Fraction of right answers on the test digits. */
  readonly accuracy: number;
  /** Fraction of the prunable weights that are masked. */
  readonly sparsity: number;
  readonly bytes: Bytes;
}

/** Everything that was measured; all of it but `seconds` is the same each time on one machine. */
export interface Report {
  readonly recipe: typeof recipe;
  readonly backend: BackendDescription;
  readonly networks: readonly Row[];
  /** Points of accuracy that gradual pruning costs against the dense network. */
  readonly accuracyLost: number;
  readonly curves: { readonly dense: readonly CurvePoint[]; readonly gradual: readonly CurvePoint[] };
  readonly seconds: { readonly dense: number; readonly gradual: number; readonly total: number };
}

/** Writes the report, with the machine it was made on, and the chart. */
export async function writeReport(directory: string, report: Report, svg: string): Promise<void> {
  const [processor] = cpus();
  const machine = { processor: processor?.model ?? 'unknown', cores: cpus().length, node: process.version };
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, 'report.json'), `${JSON.stringify({ machine, ...report }, null, 2)}\n`);
  await writeFile(join(directory, 'accuracy-sparsity.svg'), svg);
}

/** The table as lines of text. */
export function formatTable(rows: readonly Row[]): string {
  const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
  const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
  const cells = [
    ['network', 'accuracy', 'pruned', 'dense file', 'gzip of it', 'our checkpoint', 'gzip of it'],
    ...rows.map(({ network, accuracy, sparsity, bytes }) => [
      network,
      percent(accuracy),
      percent(sparsity),
      ...[bytes.dense, bytes.gzip, bytes.sparse, bytes.sparseGzip].map(kilobytes),
    ]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)));
  const line = (row: string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const [head = [], ...body] = cells;
  return [line(head), widths.map(width => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}
