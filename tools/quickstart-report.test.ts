import { expect, it } from 'vitest';
import { quickstartProblems } from './quickstart-report.js';

const networks = (dense: number, gradual: number, sparsity = 0.9) => ({
  networks: [
    { network: 'dense', accuracy: dense, sparsity: 0 },
    { network: 'gradual', accuracy: gradual, sparsity },
  ],
});

it('accepts a gradually pruned network within one point of the dense one', () => {
  expect(quickstartProblems(networks(0.985, 0.976))).toEqual([]);
});

it.each([
  ['a loss of more than one point', networks(0.985, 0.974), /costs 1.10 points/],
  ['a dense network that did not learn', networks(0.1, 0.1), /accuracy of 0.1 only/],
  ['another sparsity', networks(0.98, 0.98, 0.89), /sparsity 0.89/],
  ['a report without the networks', { networks: [] }, /has no dense/],
])('reports %s', (_what, report, problem) => {
  expect(quickstartProblems(report).map(({ what }) => what)).toEqual([expect.stringMatching(problem)]);
});
