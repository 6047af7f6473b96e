import { readFileSync } from 'node:fs';
import type { StudyResult, TransferProtocol } from '../src/study/index.js';

const table = (name: string): string[][] =>
  readFileSync(new URL(`./published/${name}.csv`, import.meta.url), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map(line => line.split(','));

/** Published accuracies as a study; only means over seeds are known, so each cell is one run. */
export function publishedResults(model: string): StudyResult[] {
  const [titles = [], ...rows] = table('accuracies');
  return rows
    .filter(row => row[0] === model)
    .flatMap(([, protocol, method = '', sparsity, ...cells]) =>
      cells.map((cell, index) => ({
        protocol: protocol as TransferProtocol,
        method,
        sparsity: Number(sparsity),
        task: titles[index + 4] ?? '',
        seed: 0,
        bestOnTest: Number(cell.split('±')[0]) / 100,
      })),
    );
}

/** An aggregate in per cent, as computed from unrounded results. */
export interface PublishedAggregate {
  readonly sparsity: number;
  readonly method: string;
  readonly full: { readonly error: number; readonly accuracy: number };
  readonly linear: { readonly error: number; readonly accuracy: number };
}

export function publishedAggregates(model: string): PublishedAggregate[] {
  return table('aggregates')
    .slice(1)
    .filter(row => row[0] === model)
    .map(([, sparsity, method = '', ...numbers]) => {
      const [fullError = 0, fullAccuracy = 0, linearError = 0, linearAccuracy = 0] = numbers.map(Number);
      return {
        sparsity: Number(sparsity),
        method,
        full: { error: fullError, accuracy: fullAccuracy },
        linear: { error: linearError, accuracy: linearAccuracy },
      };
    });
}
