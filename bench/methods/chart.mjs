/** Accuracy against sparsity, and training cost against accuracy, as SVG. */
import { parse, View } from 'vega';
import { compile } from 'vega-lite';
import { groupRuns, meanOf } from './summary.mjs';

/** The axis of MNIST begins here at the lowest, so that the upper accuracies can be told apart. */
const lowest = 0.9;

function describeChart(suite, runs, names, complete) {
  const points = groupRuns(runs).map(group => ({
    method: group.method,
    sparsity: group.sparsity,
    accuracy: meanOf(group.runs.map(run => run.accuracy)).mean,
    cost: meanOf(group.runs.map(run => run.trainingCost)).mean,
  }));
  const shown = names.filter(name => name !== 'dense' && points.some(point => point.method === name));
  const dense = points.filter(point => point.method === 'dense');
  const sparse = points.filter(point => point.method !== 'dense');
  const method = { field: 'method', type: 'nominal', scale: { domain: shown } };
  const color = {
    ...method,
    scale: { domain: shown, scheme: 'tableau20' },
    legend: { title: 'method', symbolLimit: 30 },
  };
  const shape = { ...method, legend: { title: 'method' } };
  const least = Math.min(...points.map(point => point.accuracy));
  const foot = suite.name === 'mnist' ? Math.max(lowest, Math.floor(least * 100) / 100) : Math.floor(least * 20) / 20;
  const accuracy = {
    field: 'accuracy',
    type: 'quantitative',
    scale: { domainMin: foot, nice: false },
    axis: { title: 'test accuracy', format: '.1%' },
  };
  const sparsity = {
    field: 'sparsity',
    type: 'ordinal',
    axis: { title: 'weights pruned', format: '.0%', labelAngle: 0 },
  };
  const cost = { field: 'cost', type: 'quantitative', axis: { title: 'training cost (dense = 1)' } };
  const panel = { width: 430, height: 380 };
  const rule = {
    data: { values: dense },
    mark: { type: 'rule', strokeDash: [5, 4], color: '#444' },
    encoding: { y: accuracy },
  };
  return {
    background: 'white',
    padding: 12,
    data: { values: sparse },
    title: {
      text: `Pruning methods on ${suite.name}, ${suite.steps} steps each`,
      subtitle: [
        complete,
        `Dashed: the dense network. Means over seeds; accuracies below ${(100 * foot).toFixed(0)} % are cut off.`,
      ],
      anchor: 'start',
    },
    hconcat: [
      {
        ...panel,
        layer: [
          rule,
          {
            mark: { type: 'line', point: false, clip: true },
            encoding: { x: sparsity, y: accuracy, color },
          },
          {
            mark: { type: 'point', filled: true, size: 55, opacity: 1, clip: true },
            encoding: { x: sparsity, y: accuracy, color, shape },
          },
        ],
      },
      {
        ...panel,
        layer: [
          rule,
          {
            mark: { type: 'point', filled: true, size: 55, opacity: 1, clip: true },
            encoding: { x: cost, y: accuracy, color, shape },
          },
        ],
      },
    ],
    config: {
      font: 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, gridColor: '#e6e6e6' },
      title: { fontSize: 15, subtitleFontSize: 12, subtitleColor: '#555', offset: 14 },
      view: { stroke: null },
    },
  };
}

/** @returns {Promise<string>} An SVG document. */
export async function drawChart(suite, runs, names, complete) {
  const view = new View(parse(compile(describeChart(suite, runs, names, complete)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
