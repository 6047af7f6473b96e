import type { Aggregate, Change } from './aggregate.js';
import { protocolRule, type TransferProtocol } from './study-result.js';
import { aggregatesRule, summariesRule } from './study-rules.js';
import type { TaskSummary } from './summarize.js';

/**
 * Aggregates as a Markdown table: one row for each sparsity and method, in per cent, both protocols side by side.
 *
 * @param aggregates - From {@link aggregate}.
 * @returns The table, ending in a newline. A value that lacks tasks carries an asterisk and a line below the table says
 *   so; a combination without runs is a dash.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if something is no aggregate.
 *
 * @example
 * ```ts
 * import { aggregate, aggregateTable } from '@espalier/transfer';
 *
 * const run = { task: 'pets', protocol: 'linear', seed: 21 } as const;
 * const results = [
 *   { ...run, method: 'dense', sparsity: 0, final: 0.8 },
 *   { ...run, method: 'magnitude', sparsity: 0.9, final: 0.75 },
 * ];
 * console.log(aggregateTable(aggregate(results))); // … | 90 | magnitude | +25.0 | -6.25 | – | – |
 * ```
 */
export function aggregateTable(aggregates: readonly Aggregate[]): string {
  aggregatesRule('aggregates', aggregates as never);
  const keys = new Map(aggregates.map(({ sparsity, method }) => [JSON.stringify([sparsity, method]), sparsity]));
  const cell = (key: string, protocol: TransferProtocol, what: 'error' | 'accuracy', digits: number): string => {
    const found = aggregates.find(
      ({ sparsity, method, protocol: own }) => own === protocol && JSON.stringify([sparsity, method]) === key,
    );
    return found ? `${changeText(found[what], digits)}${found.missing.length > 0 ? '\\*' : ''}` : '–';
  };
  const rows = [...keys]
    .sort(([, a], [, b]) => a - b)
    .map(([key, sparsity]) => [
      percent(sparsity),
      (JSON.parse(key) as [number, string])[1],
      ...(['linear', 'full'] as const).flatMap(protocol => [
        cell(key, protocol, 'error', 1),
        cell(key, protocol, 'accuracy', 2),
      ]),
    ]);
  const titles = ['sparsity %', 'method', 'linear: error %', 'linear: accuracy %', 'full: error %', 'full: accuracy %'];
  const gaps = aggregates.some(({ missing }) => missing.length > 0);
  return `${table(titles, rows)}${gaps ? '\n\\* Some of the tasks have no run yet: not comparable with the other rows.\n' : ''}`;
}

/**
 * Accuracies of one protocol as a Markdown table in per cent: one row for each method and sparsity, one column for each
 * task.
 *
 * @param summaries - From {@link summarize}.
 * @param protocol - Which of them to show.
 * @returns The table, ending in a newline. Deviations are there where there are several seeds; a task without runs is a
 *   dash.
 * @throws {@link InvalidOptionError} and {@link UnknownOptionError} if something is no summary, or there is no such
 *   protocol.
 *
 * @example
 * ```ts
 * import { summarize, taskTable } from '@espalier/transfer';
 *
 * const run = { method: 'magnitude', sparsity: 0.9, task: 'pets', protocol: 'full', seed: 21, final: 0.934 } as const;
 * console.log(taskTable(summarize([run]), 'full')); // … | magnitude | 90 | 93.4 |
 * ```
 */
export function taskTable(summaries: readonly TaskSummary[], protocol: TransferProtocol): string {
  summariesRule('summaries', summaries as never);
  protocolRule('protocol', protocol as never);
  const here = summaries.filter(summary => summary.protocol === protocol);
  const tasks = [...new Set(here.map(({ task }) => task))];
  const rows = new Map<string, Map<string, string>>();
  for (const { method, sparsity, task, accuracy } of here) {
    const key = JSON.stringify([method, sparsity]);
    const { mean, deviation } = accuracy;
    const scatter = deviation === null ? '' : ` ± ${(100 * deviation).toFixed(1)}`;
    rows.set(key, (rows.get(key) ?? new Map()).set(task, `${(100 * mean).toFixed(1)}${scatter}`));
  }
  const cells = [...rows]
    .map(([key, row]) => ({ key: JSON.parse(key) as [string, number], row }))
    .sort((a, b) => a.key[1] - b.key[1])
    .map(({ key, row }) => [key[0], percent(key[1]), ...tasks.map(task => row.get(task) ?? '–')]);
  return table(['method', 'sparsity %', ...tasks], cells);
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |\n`;
  return [line(titles), `|${titles.map(() => '---|').join('')}\n`, ...rows.map(line)].join('');
}

/** Names may hold anything; a pipe or a line break would end the cell. */
const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

const percent = (fraction: number): string => String(Number((100 * fraction).toFixed(2)));

function changeText({ mean, deviation }: Change, digits: number): string {
  const text = (100 * mean).toFixed(digits).replace(/^-(?=[0.]*$)/, '');
  const scatter = deviation === null ? '' : ` ± ${(100 * deviation).toFixed(digits)}`;
  return `${text.startsWith('-') ? '' : '+'}${text}${scatter}`;
}
