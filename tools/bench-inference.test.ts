import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const load = (name: string) => import(new URL(`../bench/inference/${name}.mjs`, import.meta.url).href);
const { channelsFirst }: { channelsFirst(values: Float32Array, shape: number[]): Float32Array } = await load('layout');
const { summarize }: { summarize(times: object[]): Summary } = await load('summary');
const { sections }: { sections(report: object, withMachine: boolean): string[] } = await load('table-section');
const { storedReports, tables }: { storedReports(): object[]; tables(reports: object[]): string } = await load('table');

interface Summary {
  readonly peers: object[];
  readonly sparsePeers: object[];
  readonly espalier: { readonly timesFaster: object; readonly timesFasterByMinima: object }[];
}

/** An engine as `timeRounds` gives it: median and minimum of its samples are the two middle numbers. */
const timed = (engine: object, minimum: number, middle: number) => ({
  engine: { error: 0, details: { version: '1' }, ...engine },
  repetitions: 1,
  milliseconds: [100, minimum, middle],
});

const cost = { density: 0.2, flopDensity: 0.25 };
const summary = summarize([
  timed({ name: 'ort', engine: 'onnxruntime-node', batch: 1 }, 8, 10),
  timed({ name: 'ort', engine: 'onnxruntime-node', batch: 16 }, 6, 9),
  timed({ name: 'espalier', engine: 'espalier', batch: 1, sparsity: 0.8, cost }, 4, 5),
  timed({ name: 'deepsparse', engine: 'deepsparse', batch: 1, sparsity: 0.8 }, 6, 7),
  timed({ name: 'espalier', engine: 'espalier', batch: 16, sparsity: 0.8, cost }, 2, 3),
  timed({ name: 'deepsparse', engine: 'deepsparse', batch: 16, sparsity: 0.8 }, 1, 2),
  timed({ name: 'deepsparse', engine: 'deepsparse', batch: 1, sparsity: 0.9 }, 3, 3),
]);

describe('a summary of the inference benchmark', () => {
  it('compares with dense peers of the batch and sparse ones of the sparsity, of this and of larger batches', () => {
    // With one image: 10 / 5, 7 / 5, and beside sixteen images 2 / 5. With sixteen: 9 / 3, 2 / 3.
    expect(summary.espalier.map(({ timesFaster }) => timesFaster)).toEqual([
      { ort: 2, deepsparse: 1.4, 'deepsparse@16': 0.4 },
      { ort: 3, deepsparse: 0.67 },
    ]);
    expect(summary.espalier.map(({ timesFasterByMinima }) => timesFasterByMinima)).toEqual([
      { ort: 2, deepsparse: 1.5, 'deepsparse@16': 0.25 },
      { ort: 3, deepsparse: 0.5 },
    ]);
  });

  it('keeps peers on dense weights apart from those on sparse ones', () => {
    expect(summary.peers).toHaveLength(2);
    expect(summary.sparsePeers).toHaveLength(3);
  });
});

describe('tables of the inference benchmark', () => {
  it('have a section for each batch', () => {
    const lines = sections({ threads: 1, batches: [1, 16], machine: { node: 'v20.1.0' }, ...summary }, false);
    expect(lines.filter(line => line.startsWith('###'))).toEqual([
      '### Node 20.1.0, 1 thread, one image',
      '### Node 20.1.0, 1 thread, 16 images at once',
    ]);
    expect(lines.filter(line => line.startsWith('| 80 %'))).toEqual([
      '| 80 % | 0.250 | 5.00 (4.00) | 2 (2) | 7.00 (6.00) | 1.4 (1.5) | 2.00 (1.00) | 0.4 (0.25) |',
      '| 80 % | 0.250 | 3.00 (2.00) | 3 (3) | 2.00 (1.00) | 0.67 (0.5) |',
    ]);
  });

  it('say of every section where it was measured, if not all were in one place', () => {
    const report = (processor: string) => ({
      network: 'resnet20',
      distribution: 'uniform',
      pruned: 'all',
      threads: 1,
      peers: [],
      espalier: [],
      machine: { node: 'v20.1.0', processor, cores: 2 },
    });
    expect(tables([report('A'), report('A')])).not.toContain('On A, 2 cores.');
    const text = tables([report('A'), report('B')]);
    expect(text).toContain('Machine: A, 2 cores; B, 2 cores.');
    expect(text.match(/^On ., 2 cores\.$/gm)).toEqual(['On A, 2 cores.', 'On B, 2 cores.']);
  });

  it('are written of all stored results', () => {
    const readme = new URL('../bench/results/inference/README.md', import.meta.url);
    expect(tables(storedReports())).toBe(readFileSync(readme, 'utf8'));
  });
});

it('engines with channels first get every image of a batch', () => {
  // Two images of one row, two columns and two channels.
  expect([...channelsFirst(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [1, 2, 2])]).toEqual([1, 3, 2, 4, 5, 7, 6, 8]);
});
