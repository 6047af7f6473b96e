import '@tensorflow/tfjs-backend-cpu';
import { global, type PruningMethod, uniform, withRules } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import { lenet300 } from '@espalier/models';
import { acdc } from '@espalier/prune-acdc';
import { byName, gap } from '@espalier/prune-gap';
import { lotteryTicket } from '@espalier/prune-lth';
import { iterativeMagnitude, magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';
import { granet, rigl, set, staticSparse } from '@espalier/prune-rigl';
import { oneShotWoodFisher, woodFisher } from '@espalier/prune-woodfisher';
import * as runtime from '@espalier/runtime';
import * as transfer from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

/** Number 12, what is no options object and yet is written by hand: rows of studies, graphs, names of layers. */
type Loose = (...args: readonly unknown[]) => unknown;
const refused = (call: () => unknown): unknown => {
  try {
    return { done: call() };
  } catch (error) {
    return error;
  }
};

const row = { method: 'dense', sparsity: 0, task: 'a', protocol: 'linear', seed: 1, final: 0.5 };
const study = [row, { ...row, method: 'sparse', sparsity: 0.5, final: 0.4 }] as transfer.StudyResult[];
const aggregates = transfer.aggregate(study);
const summaries = transfer.summarize(study);

describe('studies', () => {
  it.each([
    [{ sparsity: '0.9' }, 'INVALID_OPTION'],
    [{ method: 5 }, 'INVALID_OPTION'],
    [{ task: undefined }, 'INVALID_OPTION'],
    [{ protocol: 'constructor' }, 'INVALID_OPTION'],
    [{ seed: '21' }, 'INVALID_OPTION'],
    [{ final: '0.5' }, 'INVALID_OPTION'],
    [{ final: null }, 'INVALID_OPTION'],
    [{ best_on_test: 0.5 }, 'UNKNOWN_OPTION'],
  ])('rows with %j are refused', (wrong, code) => {
    for (const entry of [transfer.summarize, transfer.aggregate] as Loose[]) {
      expect(refused(() => entry([{ ...row, ...wrong }]))).toMatchObject({ code });
    }
  });

  it.each([['aggregateTable'], ['aggregateChart'], ['taskTable'], ['taskChart']] as const)(
    '%s refuses what it cannot show',
    name => {
      const entry = new Map<string, unknown>(Object.entries(transfer)).get(name) as Loose;
      const right: readonly object[] = name.startsWith('aggregate') ? aggregates : summaries;
      expect(entry(right, 'linear')).toBeDefined();
      for (const wrong of [undefined, null, {}, 'all', 5, [null], [5], study]) {
        expect(
          refused(() => entry(wrong, 'linear')),
          JSON.stringify(wrong),
        ).toHaveProperty('code');
      }
      for (const change of [
        { sparsity: 2 },
        { method: 3 },
        { protocol: 'half' },
        { accuracy: {} },
        { accuracy: null },
      ]) {
        expect(refused(() => entry([{ ...right[0], ...change }], 'linear'))).toMatchObject({ code: 'INVALID_OPTION' });
      }
      expect(refused(() => entry([{ ...right[0], acuracy: 1 }], 'linear'))).toMatchObject({ code: 'UNKNOWN_OPTION' });
    },
  );

  it('taskTable, studyResults and scorePredictions refuse other arguments of another type', () => {
    for (const protocol of [undefined, 'half', 'constructor', 5])
      expect(refused(() => (transfer.taskTable as Loose)(summaries, protocol))).toMatchObject({
        code: 'INVALID_OPTION',
      });
    const scores = { top1: 0.5, meanPerClass: 0.5 };
    const result = {
      protocol: 'linear',
      task: 'a',
      metric: 'top-1',
      runs: [{ seed: 1, final: scores, bestOnTest: scores }],
    };
    const rows = transfer.studyResults as Loose;
    expect(rows(result, { method: 'x', sparsity: 0.5 })).toHaveLength(1);
    for (const wrong of [
      undefined,
      null,
      5,
      {},
      { ...result, metric: 'x' },
      { ...result, runs: [{}] },
      { ...result, runs: {} },
    ])
      expect(refused(() => rows(wrong, { method: 'x', sparsity: 0.5 }))).toMatchObject({ code: 'INVALID_OPTION' });
    for (const wrong of [
      undefined,
      null,
      {},
      { method: 'x', sparsity: '0.5' },
      { method: 'x', sparsity: 0, sparsty: 1 },
    ])
      expect(refused(() => rows(result, wrong))).toHaveProperty('code');
    for (const wrong of [
      [null, [0], 1],
      [[0], 'a', 1],
      [[0], [0], '1'],
      [[0], [0], 1e12],
      [[0], [0], Number.NaN],
    ])
      expect(refused(() => (transfer.scorePredictions as Loose)(...wrong))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('graphs', () => {
  const node = {
    kind: 'dense',
    name: 'head',
    inputs: ['x'],
    shape: [1],
    kernel: Float32Array.of(1, 2),
    activation: 'linear',
  };
  const graph = { input: { name: 'x', shape: [2] }, nodes: [node], output: 'head' };
  const entries = [
    'checkGraph',
    'graphCost',
    'simplify',
    'dropIdentities',
    'foldBatchNorm',
    'foldZeroPadding',
    'fuseActivation',
  ];
  it.each([...entries, 'fuseResidualAdd', 'mergeSubsampling'])('%s refuses what is no graph', async name => {
    const entry = new Map<string, unknown>(Object.entries(runtime)).get(name) as Loose;
    expect(refused(() => entry(graph))).not.toHaveProperty('code');
    for (const wrong of [undefined, null, 5, 'graph', [], {}, { nodes: 5 }])
      expect(
        refused(() => entry(wrong)),
        JSON.stringify(wrong),
      ).toMatchObject({ code: 'INVALID_OPTION' });
    for (const change of [
      { inputs: graph.input },
      { output: 5 },
      { input: null },
      { nodes: [null] },
      { nodes: [{ ...node, kind: 'constructor' }] },
      { nodes: [{ ...node, biass: Float32Array.of(1) }] },
      { nodes: [{ ...node, kernel: [1, 2] }] },
      { nodes: [{ ...node, inputs: 'x' }] },
    ])
      expect(
        refused(() => entry({ ...graph, ...change })),
        JSON.stringify(change),
      ).toMatchObject({ code: 'INVALID_GRAPH' });
    const slip = { ...graph, nodes: [{ ...node, activaton: 'relu' }] };
    expect(refused(() => entry(slip))).toMatchObject({ message: expect.stringContaining('Did you mean "activation"') });
  });

  it('the readers of graphs refuse weights, tensors and checkpoints that are none', () => {
    const topology = { class_name: 'Sequential', config: [] };
    for (const wrong of [undefined, null, {}, [], 5, new Map([['head/kernel', [1]]]), new Map([['a', null]])])
      expect(refused(() => (runtime.graphFromTopology as Loose)(topology, wrong))).toMatchObject({
        code: 'INVALID_OPTION',
      });
    for (const wrong of [undefined, null, {}, [], 5])
      expect(refused(() => (runtime.graphFromDescription as Loose)({}, wrong))).toMatchObject({
        code: 'INVALID_OPTION',
      });
    for (const wrong of [undefined, null, {}, [], 5, 'run', { model: null }])
      expect(refused(() => (runtime.graphFromCheckpoint as Loose)(wrong))).toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('names of layers', () => {
  beforeAll(() => tf.setBackend('cpu'));
  const start = async (method: PruningMethod): Promise<void> => {
    const model = lenet300({ seed: 1 });
    try {
      (await PruningSession.start(method, { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) })).dispose();
    } finally {
      model.dispose();
    }
  };
  const cadence = { start: 50, end: 90, every: 10 };
  const sparsity = 0.5;
  const creators: Record<string, (distribution: typeof uniform) => unknown> = {
    magnitude: distribution => magnitude({ sparsity, cadence, distribution }),
    oneShotMagnitude: distribution => oneShotMagnitude({ sparsity, position: 50, distribution }),
    iterativeMagnitude: distribution =>
      iterativeMagnitude({
        sparsity,
        phases: 2,
        denseSchedule: () => 0.1,
        denseSteps: 50,
        distribution,
        retrainSteps: { perPhase: 10 },
      }),
    acdc: distribution => acdc({ sparsity, phases: { total: 100, warmup: 10, sparse: 10, dense: 10 }, distribution }),
    gap: distribution => gap({ sparsity, partitions: 2, turns: 2, turnLength: 20, distribution }),
    lotteryTicket: distribution => lotteryTicket({ sparsity, rounds: 2, roundLength: 20, distribution }),
    granet: distribution => granet({ sparsity, cadence, trainingSteps: 100, distribution }),
    rigl: distribution => rigl({ sparsity, cadence, distribution }),
    set: distribution => set({ sparsity, cadence, distribution }),
    staticSparse: distribution => staticSparse({ sparsity, distribution }),
    woodFisher: distribution => woodFisher({ sparsity, cadence, distribution }),
    oneShotWoodFisher: distribution => oneShotWoodFisher({ sparsity, position: 50, distribution }),
  };

  it.each(Object.keys(creators))(
    '%s refuses rules for layers that do not exist when the session starts',
    async name => {
      const create = (distribution: typeof uniform) => creators[name]?.(distribution) as PruningMethod;
      for (const rules of [{ dense: ['nowhere/kernel'] }, { sparsity: { 'nowhere/kernel': 0.5 } }]) {
        const outer = start(create(withRules(global, rules)));
        await expect(outer).rejects.toMatchObject({ code: 'UNKNOWN_LAYER', layer: 'nowhere/kernel' });
        await expect(start(create(withRules(withRules(uniform, rules), {})))).rejects.toMatchObject({
          code: 'UNKNOWN_LAYER',
        });
      }
    },
  );

  it('byName refuses a pattern or a name that matches nothing beside others that do', async () => {
    const partitions = (...more: (string | RegExp)[]) => byName([[/./, ...more]]);
    const method = (rule: ReturnType<typeof byName>) =>
      gap({ sparsity, partitions: rule, turns: 2, turnLength: 20 }) as unknown as PruningMethod;
    await start(method(partitions()));
    for (const idle of [/^nowhere/, 'nowhere/kernel']) {
      const error = { code: 'INVALID_PARTITION', message: expect.stringContaining('nowhere') };
      await expect(start(method(partitions(idle)))).rejects.toMatchObject(error);
    }
  });

  it('an option that is not known is compared by its own name, not by its path', () => {
    const segment = { shape: 'linear', steps: 5, from: 0.1, to: 0 };
    const options = { sparsity, partitions: 1, turns: 1, turnLength: 5, learningRate: [segment] };
    const error = refused(() => gap(options as never));
    expect(error).toMatchObject({ code: 'UNKNOWN_OPTION', option: 'learningRate[0].steps' });
    expect(error).toHaveProperty('suggestion', undefined);
    expect(error).toMatchObject({ message: expect.stringContaining('learningRate[0].length') });
  });
});
