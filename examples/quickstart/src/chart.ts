import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { CurvePoint } from './train-digits.js';

/** What the chart shows. Accuracies and sparsities are fractions, in [0, 1]. */
export interface ChartData {
  readonly dense: readonly CurvePoint[];
  readonly gradual: readonly CurvePoint[];
  /** Accuracy of the dense network, pruned after its last step and not trained any further. */
  readonly oneShot: number;
}

const colors = { dense: '#3b6ea8', gradual: '#c4551d', 'one-shot': '#6b4fa0' };
const color = {
  field: 'network',
  type: 'nominal' as const,
  scale: { domain: Object.keys(colors), range: Object.values(colors) },
  legend: null,
};

/** Names stand beside the ends of the lines. */
const label = { type: 'text' as const, align: 'left' as const, dx: 9, fontWeight: 600 as const };

/** Test accuracy and sparsity over the steps of training, one panel above the other, as SVG. */
export async function drawChart(data: ChartData): Promise<string> {
  const view = new View(parse(compile(describeChart(data)).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

function describeChart({ dense, gradual, oneShot }: ChartData): TopLevelSpec {
  const steps = dense.at(-1)?.step ?? 0;
  const points = [
    ...dense.map(point => ({ ...point, network: 'dense' })),
    ...gradual.map(point => ({ ...point, network: 'gradual' })),
  ];
  const foot = lowest(points, oneShot);
  const ends = spread(
    [
      { step: steps, accuracy: dense.at(-1)?.accuracy ?? 0, network: 'dense' },
      { step: steps, accuracy: gradual.at(-1)?.accuracy ?? 0, network: 'gradual' },
      { step: steps, accuracy: oneShot, network: 'one-shot' },
    ],
    0.07 * (1 - foot),
  );
  const masked = gradual.at(-1)?.sparsity ?? 0;

  const x = { field: 'step', type: 'quantitative' as const, scale: { domain: [0, steps], nice: false } };
  const hidden = { ...x, axis: { title: null, labels: false, grid: false, tickCount: 8 } };
  const shown = { ...x, axis: { title: 'training step (64 digits each)', grid: false, tickCount: 8 } };
  const accuracy = {
    field: 'accuracy',
    type: 'quantitative' as const,
    scale: { domain: [foot, 1], nice: false },
    axis: { title: 'accuracy on 1,500 test digits', format: '.0%', tickCount: 6 },
  };
  const sparsity = {
    field: 'sparsity',
    type: 'quantitative' as const,
    scale: { domain: [0, 1] },
    axis: { title: 'weights pruned', format: '.0%', tickCount: 5 },
  };

  return {
    background: 'white',
    padding: 12,
    title: {
      text: `Learning digits while ${percent(masked, 0)} of the weights are pruned`,
      subtitle: [
        'Both networks: same first weights, same digits, same number of steps.',
        'One-shot: the dense network, pruned after its last step.',
      ],
      anchor: 'start',
    },
    vconcat: [
      {
        width: 560,
        height: 240,
        layer: [
          { data: { values: points }, mark: { type: 'line', clip: true }, encoding: { x: hidden, y: accuracy, color } },
          {
            data: { values: ends },
            mark: { type: 'point', filled: true, size: 50 },
            encoding: { x, y: accuracy, color },
          },
          {
            data: { values: ends },
            mark: label,
            encoding: { x, y: { ...accuracy, field: 'labelAt' }, color, text: { field: 'label' } },
          },
        ],
      },
      {
        width: 560,
        height: 130,
        layer: [
          { data: { values: points }, mark: { type: 'line' }, encoding: { x: shown, y: sparsity, color } },
          ...(['dense', 'gradual'] as const).map(network => ({
            data: { values: [{ step: steps, network, sparsity: network === 'dense' ? 0 : masked }] },
            mark: label,
            encoding: { x, y: sparsity, color, text: { field: 'network' } },
          })),
        ],
      },
    ],
    config: {
      font: 'system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif',
      axis: { labelFontSize: 12, titleFontSize: 12, titleFontWeight: 500, gridColor: '#e6e6e6', titlePadding: 10 },
      title: { fontSize: 15, subtitleFontSize: 12, subtitleColor: '#555', subtitlePadding: 6, offset: 14 },
      line: { strokeWidth: 2 },
      text: { fontSize: 12 },
      view: { stroke: null },
    },
  };
}

const percent = (fraction: number, digits: number): string => `${(100 * fraction).toFixed(digits)}%`;

interface End {
  readonly accuracy: number;
  readonly network: string;
}

/** Places for the labels, at the ends of their lines but at least `gap` apart. */
function spread<T extends End>(ends: readonly T[], gap: number): (T & { labelAt: number; label: string })[] {
  let above = Infinity;
  return [...ends]
    .sort((a, b) => b.accuracy - a.accuracy)
    .map(end => {
      above = Math.min(end.accuracy, above - gap);
      return { ...end, labelAt: above, label: `${end.network} ${percent(end.accuracy, 1)}` };
    });
}

/** Foot of the accuracy axis, in whole per cent: the first steps, in which nothing is learned yet, are cut off. */
function lowest(points: readonly CurvePoint[], oneShot: number): number {
  const later = points.slice(Math.ceil(points.length / 20)).map(point => point.accuracy);
  return Math.floor(100 * Math.min(oneShot, Math.max(0.9, Math.min(...later)))) / 100;
}
