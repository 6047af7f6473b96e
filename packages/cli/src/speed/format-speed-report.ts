import { formatTable } from '../output/format-table.js';
import { linesForPeople } from '../output/lines.js';
import { requireReport } from '../output/require-report.js';
import type { LayerSpeed, Machine, SpeedReport } from './report.js';

/**
 * A {@link SpeedReport} as text for people.
 *
 * @param report - From {@link measureSpeed}.
 * @returns Lines without colors, not ended by a line break. Names from the file are shown with all that a terminal
 *   would obey or hide.
 * @throws {@link @espalier/core!InvalidOptionError} if it is not such a report.
 *
 * @example
 * ```ts
 * import { formatSpeedReport, type SpeedReport } from '@espalier/cli';
 *
 * export const show = (report: SpeedReport): void => console.log(formatSpeedReport(report));
 * ```
 */
export function formatSpeedReport(report: SpeedReport): string {
  requireReport(report, 'candidates', 'a report of measureSpeed');
  return linesForPeople(speedLines(report));
}

/** The same as lines, in which names are still as they are in the file. */
export function speedLines(report: SpeedReport): string[] {
  const { candidates, leftOut, sparsity, flopDensity, layers } = report;
  const table = formatTable([
    ['', 'threads', 'ms per input', 'fastest', 'ours is faster by', 'middle half', 'outputs differ by'],
    ...candidates.map(({ name, threads, milliseconds, ratio, difference }, index) => [
      name,
      String(threads),
      time(milliseconds.median),
      time(milliseconds.minimum),
      index === 0 ? '' : times(ratio.median),
      index === 0 ? '' : between(ratio.quartiles),
      index === 0 ? '' : difference.toExponential(1),
    ]),
  ]);
  return [
    `${percent(sparsity.prunable)} of the prunable weights pruned, ${percent(sparsity.all)} of all. FLOP density ` +
      `${percent(flopDensity)}, so dense is ${times(1 / flopDensity)} the arithmetic.`,
    '',
    ...table,
    '',
    ...candidates.map(({ name, what }) => `${name}: ${what}.`),
    ...(unequalThreads(report) ? ['For times on equal threads, bench with --threads 1.'] : []),
    ...leftOut.map(({ name, reason }) => `${name} was left out. ${reason}`),
    '',
    ...(layers === null ? [] : [...layerTable(layers), '']),
    howMeasured(report),
    machineLine(report.machine),
  ];
}

function unequalThreads({ candidates, threads }: SpeedReport): boolean {
  return candidates.some(candidate => candidate.threads !== threads);
}

/** How the times came about, in one line. */
export function howMeasured({ batch, rounds, tuned, engine, passedOver, instructions, lanes }: SpeedReport): string {
  const kernels =
    engine === 'native'
      ? `native kernels (${instructions})`
      : `WebAssembly ${instructions} (not native: ${passedOver})`;
  return (
    `Medians, minima and the middle half of ${rounds} interleaved rounds, batch ${batch}; how much faster is told by the ` +
    `median of the ratios of all rounds. Plans ${tuned ? 'tuned' : 'not tuned'}, ${kernels}, tiles of ${lanes}.`
  );
}

/** The machine, in one line, and whether it was busy. */
export function machineLine({ processor, cores, load, platform, node, v8 }: Machine): string {
  const busy = load >= Math.max(1, cores / 2) ? ' Other programs kept it busy, so do not trust these times.' : '';
  return `${processor}, ${cores} cores, load ${load} before; Node ${node} (V8 ${v8}), ${platform}.${busy}`;
}

function layerTable(layers: readonly LayerSpeed[]): string[] {
  return formatTable([
    ['layer', 'kind', 'nonzero', 'sparse ms', 'dense ms', 'faster by'],
    ...layers.map(({ name, kind, density, sparse, dense }) => [
      name,
      kind,
      density === null ? '' : percent(density),
      time(sparse),
      dense === null ? '' : time(dense),
      dense === null || sparse === 0 ? '' : times(dense / sparse),
    ]),
  ]);
}

/** Milliseconds with three significant digits at least. */
export const time = (milliseconds: number): string =>
  milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds >= 1 ? milliseconds.toFixed(2) : milliseconds.toFixed(4);
/** Where the middle half of the rounds lies. */
export const between = ([lower, upper]: readonly [number, number]): string => `${lower.toFixed(2)} to ${times(upper)}`;
/** `2.50×`, or `–` where there is nothing to divide by. */
export const times = (factor: number): string => (Number.isFinite(factor) ? `${factor.toFixed(2)}×` : '–');
const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
