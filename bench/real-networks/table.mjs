/** The table of a task: means and deviations over seeds, and the distance from the dense network. */
import { rowName, rows } from './methods.mjs';

const percent = value => (100 * value).toFixed(2);

/** Mean and sample deviation. */
function summarize(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(square / (values.length - 1)) : undefined };
}

/** Markdown of the finished runs. */
export function tableOf(task, runs, all) {
  const ofRow = row => runs.filter(run => run.name === rowName(row));
  const dense = ofRow(rows[0]);
  const line = row => {
    const found = ofRow(row);
    if (found.length === 0) return [];
    const { mean, deviation } = summarize(found.map(run => run.accuracy));
    // Of the same seeds, since some rows have fewer.
    const differences = found.flatMap(run => {
      const same = dense.find(({ seed }) => seed === run.seed);
      return same ? [same.accuracy - run.accuracy] : [];
    });
    const lost = differences.length > 0 ? percent(summarize(differences).mean) : '';
    const seconds = summarize(found.map(run => run.seconds)).mean.toFixed(0);
    const spread = deviation === undefined ? '' : ` ± ${percent(deviation)}`;
    const cells = [
      rowName(row),
      percent(mean) + spread,
      lost,
      found.map(run => percent(run.accuracy)).join(', '),
      seconds,
    ];
    return [`| ${cells.join(' | ')} |`];
  };
  return [
    `# EfficientNet-Lite0 to ${task}`,
    '',
    `${runs.length} of ${all} runs finished.`,
    '',
    '| run | top-1, % | points below dense | seeds | seconds a run |',
    '|---|---|---|---|---|',
    ...rows.flatMap(line),
    '',
  ].join('\n');
}
