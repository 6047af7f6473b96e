/**
 * The study's figures as SVG: change of the error against sparsity, and accuracy on every task, a panel for each
 * protocol.
 */
import { EspalierError } from '@espalier/core';
import { aggregate, aggregateChart, summarize, taskChart } from '@espalier/transfer';
import { parse, View } from 'vega';
import { compile } from 'vega-lite';

const protocols = ['linear', 'full'];
const titles = { linear: 'linear classifier on frozen features', full: 'full fine-tuning, masks fixed' };

/** Colors and shapes by method, the same in all panels. */
function lookOf(values) {
  const domain = [...new Set(values.map(value => value.method))].sort();
  const method = { field: 'method', type: 'nominal', scale: { domain } };
  const color = { ...method, scale: { domain, scheme: 'tableau10' }, legend: { title: 'method', symbolLimit: 30 } };
  return { color, shape: { ...method, legend: { title: 'method' } } };
}

const sparsity = { field: 'sparsity', type: 'ordinal', axis: { title: 'weights pruned, %', labelAngle: 0 } };

/** One protocol: mean over tasks of the relative change of the error, with a bar of one deviation over seeds. */
function changePanel(protocol, values, look) {
  const change = {
    field: 'change',
    type: 'quantitative',
    axis: { title: 'change of the error, % of the dense error' },
  };
  const { color, shape } = look;
  return {
    title: { text: titles[protocol], anchor: 'middle', fontSize: 13 },
    width: 380,
    height: 300,
    data: { values: values.filter(value => value.protocol === protocol) },
    layer: [
      {
        data: { values: [{ change: 0 }] },
        mark: { type: 'rule', strokeDash: [5, 4], color: '#444' },
        encoding: { y: change },
      },
      {
        mark: 'rule',
        encoding: { x: sparsity, y: { field: 'low', type: 'quantitative' }, y2: { field: 'high' }, color },
      },
      { mark: 'line', encoding: { x: sparsity, y: change, color } },
      {
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: { x: sparsity, y: change, color, shape },
      },
    ],
  };
}

/** One task under one protocol: mean accuracy over seeds; dashed, the dense network. */
function taskPanel({ protocol, task }, values, { color, shape }) {
  const here = values.filter(value => value.protocol === protocol && value.task === task);
  const accuracy = {
    field: 'accuracy',
    type: 'quantitative',
    scale: { zero: false },
    axis: { title: 'test accuracy, %' },
  };
  const sparse = here.filter(value => value.method !== 'dense');
  return {
    title: { text: `${task}, ${protocol}`, anchor: 'middle', fontSize: 13 },
    width: 380,
    height: 200,
    data: { values: sparse },
    layer: [
      {
        data: { values: here.filter(value => value.method === 'dense') },
        mark: { type: 'rule', strokeDash: [5, 4], color: '#444' },
        encoding: { y: accuracy },
      },
      { mark: 'line', encoding: { x: sparsity, y: accuracy, color } },
      {
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: { x: sparsity, y: accuracy, color, shape },
      },
    ],
  };
}

function describeCharts(rows, { suite, seeds }) {
  const changes = aggregateChart(aggregate(rows)).data.values;
  const accuracies = taskChart(summarize(rows)).data.values;
  const look = lookOf(changes);
  const shown = protocols.filter(protocol => changes.some(value => value.protocol === protocol));
  const tasks = [...new Set(accuracies.map(value => value.task))];
  return {
    background: 'white',
    padding: 12,
    title: {
      text: `Transfer of sparse networks trained on ${suite.name}, after the last epoch`,
      subtitle: [
        'Above: change of the error relative to the dense network (dashed), mean over tasks; scales differ between the protocols.',
        `Bars: one deviation over the seeds ${seeds.join(', ')}. Below: accuracy on every task; dashed: the dense network.`,
      ],
      anchor: 'start',
    },
    vconcat: [
      { hconcat: shown.map(protocol => changePanel(protocol, changes, look)) },
      ...tasks.map(task => ({ hconcat: shown.map(protocol => taskPanel({ protocol, task }, accuracies, look)) })),
    ],
    config: {
      font: 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, gridColor: '#e6e6e6' },
      title: { fontSize: 15, subtitleFontSize: 12, subtitleColor: '#555', offset: 14 },
      view: { stroke: null },
    },
  };
}

/** Whether there is something to draw: a sparse network, and the dense one on its tasks. */
export function canBeDrawn(rows) {
  try {
    return aggregate(rows).length > 0;
  } catch (error) {
    if (EspalierError.isInstance(error)) return false;
    throw error;
  }
}

/** @returns {Promise<string>} An SVG document; only for rows that {@link canBeDrawn}. */
export async function drawStudy(rows, about) {
  const view = new View(parse(compile(describeCharts(rows, about)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
