/** The study as Markdown. */
import { EspalierError } from '@espalier/core';
import { aggregate, aggregateTable, summarize, taskTable } from '@espalier/transfer';
import { canBeDrawn } from './chart.mjs';

function aggregates(rows, select) {
  try {
    return aggregateTable(aggregate(rows, { select }));
  } catch (error) {
    if (EspalierError.isInstance(error)) return `Not yet: ${error.message}`;
    throw error;
  }
}

/** @returns {string} Tables per task and protocol, then the relative changes. */
export function describeStudy(rows, { suite, epochs, rate, seeds }) {
  const protocols = ['linear', 'full'].filter(protocol => rows.some(row => row.protocol === protocol));
  const tables = protocols.map(protocol => {
    const length = `${epochs[protocol]} epochs${protocol === 'full' && rate ? ` at a learning rate of ${rate}` : ''}`;
    return `## ${protocol}, ${length}, after the last one\n\n${taskTable(summarize(rows), protocol)}`;
  });
  const chart = canBeDrawn(rows) ? `\n![Change of the error, and accuracy, against sparsity](${suite.name}.svg)\n` : '';
  return `# Transfer from ${suite.name}

Made by \`bench/transfer/run.mjs\`; do not edit. Upstream: ${suite.steps} steps of ${suite.batchSize} images for every method, one
checkpoint each. Downstream seeds: ${seeds.join(', ')}.
${chart}
${tables.join('\n\n')}

## Relative to the dense network, after the last epoch

${aggregates(rows, 'final')}

## Relative to the dense network, best epoch on the test data (a selection on test data, so too good by a little)

${aggregates(rows, 'bestOnTest')}
`;
}
