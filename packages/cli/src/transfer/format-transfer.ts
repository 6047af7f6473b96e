import type { EpochScore, ScoreSpread } from '@espalier/transfer';
import { formatTable } from '../output/format-table.js';
import { machineLine, time, times } from '../speed/format-speed-report.js';
import type { EpochSpeed } from './epoch-speed.js';
import type { Transferred } from './run-transfer.js';

/** The outcome of a transfer as lines for people. */
export function formatTransfer({ result, sparsity, normalization, speed }: Transferred): string[] {
  const { protocol, task, metric, runs, final, bestOnTest } = result;
  const scores = (score: EpochScore): string[] => [percent(score.top1), percent(score.meanPerClass)];
  const spread = (of: 'mean' | 'deviation'): string[] =>
    [final, bestOnTest].flatMap(({ top1, meanPerClass }: ScoreSpread) =>
      [top1, meanPerClass].map(one => percent(one[of])),
    );
  const table = formatTable([
    ['seed', 'last: top-1', 'per class', 'best: top-1', 'per class', 'best epoch'],
    ...runs.map(({ seed, final: last, bestOnTest: best }) => [
      ...[String(seed), ...scores(last), ...scores(best)],
      String(best.epoch + 1),
    ]),
    ['mean', ...spread('mean'), ''],
    ...(runs.length > 1 ? [['deviation', ...spread('deviation'), '']] : []),
  ]);
  return [
    `${task}, ${protocol} protocol, ${percent(sparsity)} of the prunable weights pruned. Images were normalized as ${normalization.of}.`,
    `Why so: ${normalization.why}.`,
    '',
    ...table,
    '',
    `last: after the last epoch. best: after the epoch that was best on the test data in ${metric} accuracy; chosen by looking at the`,
    'test data, as in the published study, and so too good by a little.',
    ...(speed === null ? [] : ['', ...speedLines(speed)]),
  ];
}

function speedLines({ images, backbone, classifier, epoch, ratio, ...how }: EpochSpeed): string[] {
  const { flopDensity, rounds, threads, instructions, machine } = how;
  const head =
    classifier === null
      ? 'the classifier not counted (no run had two epochs)'
      : `${classifier.toFixed(2)} s for the classifier`;
  return [
    `Measured, ms per image of the backbone: sparse ${time(backbone.sparse.median)}, dense ${time(backbone.dense.median)}, ` +
      `${times(ratio.backbone)} as fast; ${percent(flopDensity)} of the multiply-accumulates are left.`,
    `So an epoch of ${images} training images without a cache takes ${epoch.sparse.toFixed(2)} s sparse, ` +
      `${epoch.dense.toFixed(2)} s dense, ${times(ratio.epoch)} as fast; ${head}.`,
    `Medians of ${rounds} interleaved rounds, threads: ${threads}, WebAssembly ${instructions}; dense is the same plan without zeros.`,
    machineLine(machine),
  ];
}

const percent = (fraction: number | null): string => (fraction === null ? '–' : `${(100 * fraction).toFixed(2)} %`);
