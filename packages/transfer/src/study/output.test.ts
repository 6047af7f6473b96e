import { expect, it } from 'vitest';
import { publishedResults } from '../../test/published.js';
import { aggregate } from './aggregate.js';
import { aggregateChart, taskChart } from './charts.js';
import type { StudyResult } from './study-result.js';
import { summarize } from './summarize.js';
import { aggregateTable, taskTable } from './tables.js';

const linear = { task: 'pets', protocol: 'linear' } as const;
const results: StudyResult[] = [
  { ...linear, method: 'dense', sparsity: 0, seed: 1, final: 0.8 },
  { ...linear, method: 'dense', sparsity: 0, task: 'dtd', seed: 1, final: 0.5 },
  { ...linear, method: 'a|b', sparsity: 0.9, seed: 1, final: 0.74 },
  { ...linear, method: 'a|b', sparsity: 0.9, seed: 2, final: 0.76 },
  { ...linear, method: 'a|b', sparsity: 0.9, task: 'dtd', seed: 1, final: 0.5 },
  { ...linear, method: 'c', sparsity: 0.5, seed: 1, final: 0.82 },
];

it('writes aggregates as a table, marks gaps and escapes names', () => {
  // a|b on pets: error 0.25 against 0.2 = +25 %, on dtd 0; mean +12.5 %. Only seed 1 has both tasks: no deviation.
  // c has pets alone: 0.18 against 0.2 = −10 %; accuracy 0.82 against 0.8 = +2.5 %.
  expect(aggregateTable(aggregate(results))).toBe(
    [
      '| sparsity % | method | linear: error % | linear: accuracy % | full: error % | full: accuracy % |',
      '|---|---|---|---|---|---|',
      '| 50 | c | -10.0\\* | +2.50\\* | – | – |',
      '| 90 | a\\|b | +12.5 | -3.13 | – | – |',
      '',
      '\\* Some of the tasks have no run yet: not comparable with the other rows.',
      '',
    ].join('\n'),
  );
});

it('writes a change that rounds to nothing without a minus', () => {
  const run = { ...linear, seed: 1 };
  const rows: StudyResult[] = [
    { ...run, method: 'dense', sparsity: 0, final: 0.8 },
    { ...run, method: 'c', sparsity: 0.5, final: 0.80001 }, // −0.005 % and +0.00125 %
  ];
  expect(aggregateTable(aggregate(rows))).toContain('| 50 | c | +0.0 | +0.00 |');
});

it('writes accuracies as a table with deviations where there are several seeds', () => {
  // 0.74 and 0.76: mean 0.75, deviation 0.02/√2 = 0.0141.
  expect(taskTable(summarize(results), 'linear')).toBe(
    [
      '| method | sparsity % | pets | dtd |',
      '|---|---|---|---|',
      '| dense | 0 | 80.0 | 50.0 |',
      '| c | 50 | 82.0 | – |',
      '| a\\|b | 90 | 75.0 ± 1.4 | 50.0 |',
      '',
    ].join('\n'),
  );
});

it('gives a chart with every aggregate as a point, in per cent', () => {
  const aggregates = aggregate(publishedResults('resnet50'), { select: 'bestOnTest', baseline: 'Dense' });
  const chart = aggregateChart(aggregates);
  const { values } = chart.data as {
    values: { method: string; protocol: string; sparsity: number; change: number }[];
  };
  expect(values).toHaveLength(38);
  const woodFisher = values.find(one => one.method === 'WoodFisher' && one.sparsity === 80 && one.protocol === 'full');
  expect(Math.abs(woodFisher!.change - 0.7)).toBeLessThan(1);
  expect(JSON.parse(JSON.stringify(chart))).toEqual(chart);
});

it('gives a chart of tasks with the baseline at sparsity 0', () => {
  const { values } = taskChart(summarize(results)).data as { values: unknown[] };
  expect(values).toHaveLength(5);
  expect(values[0]).toEqual({ protocol: 'linear', task: 'pets', method: 'dense', sparsity: 0, accuracy: 80 });
});
