import { formatTable } from '../output/format-table.js';
import { linesForPeople } from '../output/lines.js';
import { requireReport } from '../output/require-report.js';
import { between, howMeasured, machineLine, time, times } from '../speed/format-speed-report.js';
import { gains } from './gains.js';
import type { InspectReport } from './report.js';

/**
 * An {@link InspectReport} as text for people.
 *
 * @param report - From {@link inspectCheckpoint}.
 * @returns Lines without colors, not ended by a line break. Names from the file are shown with all that a terminal
 *   would obey or hide.
 * @throws {@link @espalier/core!InvalidOptionError} if it is not such a report.
 *
 * @example
 * ```ts
 * import { formatInspectReport, type InspectReport } from '@espalier/cli';
 *
 * export const show = (report: InspectReport): void => console.log(formatInspectReport(report));
 * ```
 */
export function formatInspectReport(report: InspectReport): string {
  requireReport(report, 'layers', 'a report of inspectCheckpoint');
  return linesForPeople(inspectLines(report));
}

/** The same as lines, in which names are still as they are in the file. */
export function inspectLines(report: InspectReport): string[] {
  const { method, clock, prunable, all, macs, bytes, uncounted } = report;
  const layers = formatTable([
    ['weight', 'shape', 'entries', 'nonzero', 'pruned', 'MACs dense', 'sparse'],
    ...report.layers.map(layer => [
      layer.name,
      layer.shape.join('×'),
      count(layer.entries),
      count(layer.nonzeros),
      layer.dense ?? percent(layer.sparsity),
      layer.macs ? count(layer.macs.dense) : 'not counted',
      layer.macs ? count(layer.macs.sparse) : '',
    ]),
  ]);
  const empty = report.layers.filter(layer => layer.entries > 0 && layer.nonzeros === 0).map(({ name }) => name);
  const emptied = empty.length === 0 ? [] : [`Layers without an active weight: ${empty.join(', ')}.`];
  const totals = formatTable([
    ['', 'entries', 'nonzero', 'pruned'],
    ['prunable weights', count(prunable.entries), count(prunable.nonzeros), percent(prunable.sparsity)],
    ['all weights', count(all.entries), count(all.nonzeros), percent(all.sparsity)],
  ]);
  const files = formatTable([
    ['', 'bytes', 'of dense'],
    ...(
      [
        ['dense safetensors', bytes.dense],
        ['dense safetensors, gzip', bytes.denseGzip],
        ['Espalier checkpoint', bytes.sparse],
        ['Espalier checkpoint, gzip', bytes.sparseGzip],
      ] as const
    ).map(([name, size]) => [name, count(size), percent(size / bytes.dense)]),
  ]);
  const foreign = method.name === 'fixed' && clock.step === 0 && !report.resumable;
  return [
    foreign
      ? 'A network as it is: no run of training is in the file.'
      : `Method "${method.name}" (${method.citation}), step ${clock.step}, position ${clock.position}, round ${clock.round}` +
        `${report.phase ? `, phase "${report.phase}"` : ''}; ${report.resumable ? 'can' : 'cannot'} be resumed.`,
    '',
    ...layers,
    ...emptied,
    '',
    ...totals,
    '',
    macs
      ? `One input takes ${count(macs.dense)} multiply-accumulates dense, ${count(macs.sparse)} (${percent(macs.sparse / macs.dense)}) without the zeros.`
      : `Multiply-accumulates cannot be counted for: ${uncounted.join(', ')}.`,
    '',
    ...files,
    '',
    ...measurement(report),
    report.note,
  ];
}

function measurement({ measured, unmeasured }: InspectReport): string[] {
  if (measured === null) return unmeasured ? [`The speed could not be measured. ${unmeasured}`, ''] : [];
  const [sparse, dense] = ['sparse', 'dense'].map(name => measured.candidates.find(each => each.name === name));
  const [ours, theirs] = [sparse?.milliseconds.median ?? Number.NaN, dense?.milliseconds.median ?? Number.NaN];
  const { median: gain, quartiles: range } = dense?.ratio ?? {
    median: Number.NaN,
    quartiles: [Number.NaN, Number.NaN],
  };
  const threads = measured.threads === 1 ? 'one thread' : `${measured.threads} threads`;
  return [
    `Measured with @espalier/runtime on ${threads}: ${time(ours)} ms for one input, ${time(theirs)} ms without zeros, so sparsity ` +
      `makes it ${times(gain)} as fast (${between(range)} in the middle half of the rounds), with ${times(1 / measured.flopDensity)} less arithmetic.`,
    ...(range[0] < 1 && range[1] > 1 ? ['The rounds do not agree which of the two is faster.'] : []),
    ...gains(measured),
    howMeasured(measured),
    machineLine(measured.machine),
    '',
  ];
}

const count = (value: number): string => value.toLocaleString('en-US');
const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;
