/** Mean and deviation over seeds, and the Markdown tables of them. */

/** @typedef {{ method: string, sparsity: number, runs: any[] }} Group Finished runs that differ in the seed alone. */

/** @returns {Group[]} */
export function groupRuns(runs) {
  const groups = new Map();
  for (const run of runs) {
    const key = `${run.method} ${run.sparsity}`;
    const group = groups.get(key) ?? { method: run.method, sparsity: run.sparsity, runs: [] };
    group.runs.push(run);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Mean and sample deviation of numbers; the deviation of one number is undefined. */
export function meanOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : undefined };
}

/** "97.12 ± 0.10 (3)": the mean, the deviation if there is one, and the number of seeds. */
function cell(group, pick, digits) {
  if (!group) return '';
  const { mean, deviation } = meanOf(group.runs.map(pick));
  const spread = deviation === undefined ? '' : ` ± ${deviation.toFixed(digits)}`;
  return `${mean.toFixed(digits)}${spread} (${group.runs.length})`;
}

/** One row a method, one column a sparsity. The dense network has the same number in every column. */
function grid(groups, { names, sparsities }, pick, digits) {
  const find = (method, sparsity) =>
    groups.find(group => group.method === method && (method === 'dense' || group.sparsity === sparsity));
  const rows = names
    .filter(method => groups.some(group => group.method === method))
    .map(method => [method, ...sparsities.map(sparsity => cell(find(method, sparsity), pick, digits))]);
  const head = ['method', ...sparsities.map(sparsity => `${100 * sparsity} %`)];
  return [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows]
    .map(row => `| ${row.join(' | ')} |`)
    .join('\n');
}

/** The whole report as Markdown. */
export function describe(suite, runs, asked, complete) {
  const groups = groupRuns(runs);
  const cut = groupRuns(runs.filter(run => run.afterCut));
  const cutNames = { ...asked, names: asked.names.filter(name => cut.some(group => group.method === name)) };
  return `# Methods on ${suite.name}

Made by \`bench/methods/run.mjs\`; do not edit. ${complete}

Cells: mean ± sample deviation over seeds (number of seeds). Every run takes ${suite.steps} optimizer steps of
${suite.batchSize} images (lottery tickets: a few fewer, so that all rounds are equally long).

![Accuracy against sparsity and against training cost](${suite.name}.svg)

## Test accuracy, %

${grid(groups, asked, run => 100 * run.accuracy, 2)}

## Right after a single cut, before retraining: test accuracy, %

${grid(cut, cutNames, run => 100 * run.afterCut.accuracy, 2)}

## The same: test loss

${grid(cut, cutNames, run => run.afterCut.loss, 3)}

## Training cost (1 = the dense network's, same number of steps)

${grid(groups, asked, run => run.trainingCost, 3)}

## Inference cost (1 = the dense network's)

${grid(groups, asked, run => run.inferenceCost, 3)}
`;
}
