import type { Json } from '@espalier/core';
import type { Aggregate } from './aggregate.js';
import { aggregatesRule, summariesRule } from './study-rules.js';
import type { TaskSummary } from './summarize.js';

/** A Vega-Lite 5 specification with its data in it; any Vega-Lite draws it. */
export interface ChartSpecification {
  /** Fields of the specification. */
  readonly [field: string]: Json;
}

const schema = 'https://vega.github.io/schema/vega-lite/v5.json';

/**
 * The study's main figure as data: relative change of the error against sparsity, one line a method, one panel a
 * protocol, with error bars of one deviation over seeds. Nothing is drawn here.
 *
 * @param aggregates - From {@link aggregate}.
 * @returns A specification whose `data.values` hold `protocol`, `method`, `sparsity`, `change`, `low` and `high`, all
 *   in per cent.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if something is no aggregate.
 *
 * @example
 * ```ts
 * import { aggregate, aggregateChart } from '@espalier/transfer';
 *
 * const specification = JSON.stringify(aggregateChart(aggregate([]))); // for vl2svg, or the Vega editor
 * ```
 */
export function aggregateChart(aggregates: readonly Aggregate[]): ChartSpecification {
  aggregatesRule('aggregates', aggregates as never);
  const values = aggregates.map(({ protocol, method, sparsity, error }) => ({
    protocol,
    method,
    sparsity: percent(sparsity),
    change: percent(error.mean),
    low: percent(error.mean - (error.deviation ?? 0)),
    high: percent(error.mean + (error.deviation ?? 0)),
  }));
  const x = { field: 'sparsity', type: 'quantitative', title: 'sparsity, %', scale: { zero: false } };
  return {
    $schema: schema,
    title: 'Transfer of sparse checkpoints, mean over tasks',
    data: { values },
    facet: { column: { field: 'protocol', type: 'nominal', title: null } },
    spec: {
      encoding: { x, color: { field: 'method', type: 'nominal' } },
      layer: [
        {
          mark: { type: 'line', point: true },
          encoding: { y: { field: 'change', type: 'quantitative', title: 'change of the error against dense, %' } },
        },
        { mark: 'rule', encoding: { y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' } } },
      ],
    },
    resolve: { scale: { y: 'independent' } },
  };
}

/**
 * Accuracy on every task as data: one panel a task and protocol, sparsity across, one line a method, the baseline as a
 * point at sparsity 0. Nothing is drawn here.
 *
 * @param summaries - From {@link summarize}.
 * @returns A specification whose `data.values` hold `protocol`, `task`, `method`, `sparsity` and `accuracy`, the last
 *   two in per cent.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if something is no summary.
 *
 * @example
 * ```ts
 * import { summarize, taskChart } from '@espalier/transfer';
 *
 * const specification = JSON.stringify(taskChart(summarize([])));
 * ```
 */
export function taskChart(summaries: readonly TaskSummary[]): ChartSpecification {
  summariesRule('summaries', summaries as never);
  const values = summaries.map(({ protocol, task, method, sparsity, accuracy }) => ({
    protocol,
    task,
    method,
    sparsity: percent(sparsity),
    accuracy: percent(accuracy.mean),
  }));
  return {
    $schema: schema,
    title: 'Accuracy on every task',
    data: { values },
    mark: { type: 'line', point: true },
    encoding: {
      row: { field: 'task', type: 'nominal', title: null },
      column: { field: 'protocol', type: 'nominal', title: null },
      x: { field: 'sparsity', type: 'quantitative', title: 'sparsity, %' },
      y: { field: 'accuracy', type: 'quantitative', title: 'accuracy, %', scale: { zero: false } },
      color: { field: 'method', type: 'nominal' },
    },
    resolve: { scale: { y: 'independent' } },
    width: 160,
    height: 100,
  };
}

/** Per cent with three decimals, so that a chart's file has no digits of rounding noise. */
const percent = (fraction: number): number => Number((100 * fraction).toFixed(3));
