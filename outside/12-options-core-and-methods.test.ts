import * as core from '@espalier/core';
import { EspalierError, scheduleOf, uniform } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as acdc from '@espalier/prune-acdc';
import * as gap from '@espalier/prune-gap';
import * as lth from '@espalier/prune-lth';
import * as magnitude from '@espalier/prune-magnitude';
import * as rigl from '@espalier/prune-rigl';
import * as str from '@espalier/prune-str';
import * as fisher from '@espalier/prune-woodfisher';
import { workerExecutor } from '@espalier/prune-woodfisher/node';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';

/** Number 12: everything that takes options refuses unknown ones and values of the wrong type, and takes undefined for a default. */
type Options = Readonly<Record<string, unknown>>;
interface Case {
  readonly create: (options: never) => unknown;
  /** All options, so that each can be left out, set to undefined, or given a wrong type. */
  readonly options: Options;
  /** Those without which nothing is made. */
  readonly required?: readonly string[];
}

const cadence = { start: 0, end: 10, every: 2 };
const schedule = (position: number): number => (position >= 10 ? 0.8 : 0.4);
const gradual = { sparsity: 0.8, cadence, initialSparsity: 0.1, schedule };
const distribution = uniform;
const initial = { sparsity: 0.8, distribution };
const moving = { ...initial, cadence, dropFraction: 0.3, anneal: 'cosine' };
const partitioned = { sparsity: 0.8, partitions: 2, initialMasks: 'random', distribution };
const fisherOptions = {
  ...{ samples: 4, blockSize: 4, damping: 1e-3, compensation: 1, distribution, memoryLimit: 1e6 },
  ...{ executor: fisher.inThread(), onProgress: () => {} },
};
const window = { start: 0, end: 10 };
const layer = {
  ...{ name: 'w', shape: [4], size: 4, scores: new Float32Array(4) },
  ...{ weights: Float32Array.of(1, 2, 3, 4), mask: new Uint8Array(4).fill(1) },
};
const masked = {
  weights: new Map([['a', { shape: [2], dtype: 'float32', values: Float32Array.of(1, 2) }]]),
  ...{ masks: new Map([['a', Uint8Array.of(1, 1)]]), slots: [], snapshots: new Map(), method: { name: 'x' } },
};
const checkpoint = { weights: new Map(), masks: new Map(), slots: [], snapshots: new Map(), method: { name: 'x' } };

const cases: Readonly<Record<string, Case>> = {
  linear: { create: core.linear, options: { from: 1, to: 0, ...window }, required: ['from', 'to', 'start', 'end'] },
  cosine: { create: core.cosine, options: { from: 1, to: 0, ...window }, required: ['from', 'start', 'end'] },
  polynomial: {
    create: core.polynomial,
    options: { from: 1, to: 0, power: 2, ...window },
    required: ['to', 'start', 'end'],
  },
  stepwise: {
    create: core.stepwise,
    options: { from: 1, milestones: [1, 2], factor: 0.5 },
    required: ['from', 'milestones'],
  },
  warmUp: {
    create: (options: never) => core.warmUp(() => 1, options),
    options: { steps: 2, shape: 'cosine' },
    required: ['steps'],
  },
  gradualSparsity: { create: core.gradualSparsity, options: gradual, required: ['sparsity', 'cadence'] },
  requireCadence: {
    create: (options: never) => core.requireCadence('cadence', options),
    options: cadence,
    required: ['start', 'end', 'every'],
  },
  scheduleOf: {
    create: core.scheduleOf,
    options: { start: 0, segments: [{ shape: 'constant', length: 1, value: 1 }] },
    required: ['start', 'segments'],
  },
  erdosRenyiOf: { create: core.erdosRenyiOf, options: { kernel: true, power: 0.5 }, required: ['kernel'] },
  solveErdosRenyi: {
    create: (options: never) => core.solveErdosRenyi([layer], 0.5, options),
    options: { kernel: true, power: 0.5 },
    required: ['kernel'],
  },
  withRules: {
    create: (options: never) => core.withRules(uniform, options),
    options: { dense: ['a'], sparsity: { b: 0.5 }, atLeast: 1 },
  },
  nOfM: { create: (options: never) => core.nOfM(2, 4, options), options: { axis: -1 } },
  selectMasks: {
    create: (options: never) => core.selectMasks([layer], core.activeMagnitude, 0.5, uniform, options),
    options: { revive: true, structure: core.keepTop },
  },
  fixed: { create: core.fixed, options: { masks: new Map([['w', new Uint8Array(4)]]) } },
  readSafetensors: {
    create: (options: never) => core.readSafetensors(core.writeSafetensors(new Map()), options),
    options: { headerBytes: 100, tensors: 5 },
  },
  stripCheckpoint: {
    create: (options: never) => core.stripCheckpoint(checkpoint as never, options),
    options: { slots: true, snapshots: true },
  },
  denseSafetensors: {
    create: (options: never) => core.denseSafetensors(checkpoint as never, options),
    options: { layout: 'pytorch' },
  },

  magnitude: { create: magnitude.magnitude, options: { ...gradual, distribution }, required: ['sparsity', 'cadence'] },
  oneShotMagnitude: {
    create: magnitude.oneShotMagnitude,
    options: { ...initial, position: 3 },
    required: ['sparsity'],
  },
  iterativeMagnitude: {
    create: magnitude.iterativeMagnitude,
    options: {
      ...{ sparsity: 0.8, phases: 2, denseSchedule: () => 0.1, denseSteps: 10, denseWarmUp: 2, start: 10 },
      ...{ retrainSteps: { total: 4 }, retraining: magnitude.linearRestart, distribution },
    },
    required: ['sparsity', 'phases', 'denseSchedule', 'denseSteps', 'retrainSteps'],
  },
  bimpBudget: {
    create: magnitude.bimpBudget,
    options: { steps: 10, denseShare: 0.5, learningRate: 0.1 },
    required: ['steps', 'denseShare', 'learningRate'],
  },
  rigl: { create: rigl.rigl, options: { ...moving, optimizer: 'apply' }, required: ['sparsity', 'cadence'] },
  set: { create: rigl.set, options: moving, required: ['sparsity', 'cadence'] },
  staticSparse: { create: rigl.staticSparse, options: initial, required: ['sparsity'] },
  granet: {
    create: rigl.granet,
    options: {
      ...{
        sparsity: 0.8,
        cadence,
        trainingSteps: 20,
        initialSparsity: 0.5,
        distribution,
        initialDistribution: uniform,
      },
      ...{ regrowFraction: 0.5, finalRegrowFraction: 0.01 },
    },
    required: ['sparsity', 'cadence', 'trainingSteps'],
  },
  lotteryTicket: {
    create: lth.lotteryTicket,
    options: { sparsity: 0.8, fraction: 0.2, roundLength: 10, rewindTo: 2, rewind: 'weights', distribution },
    required: ['roundLength', 'sparsity'],
  },
  'lotteryTicket in rounds': {
    create: lth.lotteryTicket,
    options: { rounds: 2, fraction: 0.2, roundLength: 10 },
    required: ['roundLength', 'rounds'],
  },
  lthTransfer: {
    create: lth.lthTransfer,
    options: { rounds: 2, fraction: 0.2, roundLength: 10, except: ['a'] },
    required: ['roundLength', 'rounds'],
  },
  acdc: {
    create: acdc.acdc,
    options: {
      sparsity: 0.5,
      phases: { total: 8, warmup: 2, sparse: 2, dense: 2 },
      distribution,
      structure: core.nOfM(2, 4),
    },
    required: ['sparsity', 'phases'],
  },
  acdcPhases: {
    create: acdc.acdcPhases,
    options: { total: 8, warmup: 2, sparse: 2, dense: 2, lastDense: 2, lastSparse: 2 },
    required: ['total', 'warmup', 'sparse', 'dense'],
  },
  gap: {
    create: gap.gap,
    options: {
      ...{ ...partitioned, turns: 2, turnLength: 5, order: 'random', slots: 'keep' },
      learningRate: [{ shape: 'constant', length: 1, value: 0.1 }],
    },
    required: ['sparsity', 'partitions', 'turns', 'turnLength'],
  },
  parallelGap: {
    create: gap.parallelGap,
    options: { ...partitioned, partition: 0 },
    required: ['sparsity', 'partitions', 'partition'],
  },
  pruneCheckpoint: {
    create: (options: never) => gap.pruneCheckpoint(masked as never, options),
    options: initial,
    required: ['sparsity'],
  },
  softThreshold: {
    create: str.softThreshold,
    options: {
      ...{ end: 10, initialThreshold: -5, thresholdDecay: 0.1, thresholdFunction: 'exponential', sparsity: 0.8 },
      ...{ cadence: { start: 0, every: 2 }, schedule },
    },
    required: ['end', 'sparsity'],
  },
  predictThreshold: {
    create: str.predictThreshold,
    options: { steps: 2, learningRate: 0.1, momentum: 0.9, initialThreshold: -5, thresholdDecay: 0.1 },
    required: ['steps', 'learningRate'],
  },
  woodFisher: {
    create: fisher.woodFisher,
    options: { ...gradual, ...fisherOptions },
    required: ['sparsity', 'cadence'],
  },
  oneShotWoodFisher: {
    create: fisher.oneShotWoodFisher,
    options: { ...fisherOptions, sparsity: 0.8, position: 2 },
    required: ['sparsity'],
  },
  workerExecutor: { create: workerExecutor, options: { threads: 1, spill: '/tmp' } },
};

/** What no option takes, but for those that are functions, texts or numbers themselves. */
const strangers: readonly unknown[] = [
  null,
  Number.NaN,
  '5',
  '',
  true,
  [],
  {},
  () => 5,
  Symbol.for('x'),
  5n,
  '__proto__',
  'constructor',
];
const alike = (a: unknown, b: unknown): boolean => typeof a === typeof b && Array.isArray(a) === Array.isArray(b);

const thrown = (work: () => unknown): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
};

describe.each(Object.entries(cases))('%s', (_, { create, options, required = [] }) => {
  const attempt = (given: unknown): unknown => thrown(() => create(given as never));

  it('takes its options, and undefined for those that may be left out', () => {
    expect(attempt(options)).toBeUndefined();
    for (const name of Object.keys(options)) {
      if (required.includes(name)) continue;
      const { [name]: __, ...rest } = options;
      expect([name, attempt(rest)]).toEqual([name, undefined]);
      expect([name, attempt({ ...options, [name]: undefined })]).toEqual([name, undefined]);
    }
  });

  it('refuses an unknown option by name, also one that every object has', () => {
    expect(attempt({ ...options, unheardOf: 1 })).toMatchObject({
      code: 'UNKNOWN_OPTION',
      option: expect.stringMatching(/unheardOf$/),
    });
    const inherited = { ...options, ...JSON.parse('{"toString": 1}') };
    expect(attempt(inherited)).toMatchObject({ code: 'UNKNOWN_OPTION' });
    const [first = ''] = Object.keys(options);
    const misspelled = { ...options, [`${first}s`]: 1 };
    expect(attempt(misspelled)).toMatchObject({ code: 'UNKNOWN_OPTION', suggestion: expect.stringContaining(first) });
  });

  it.each(Object.keys(options))('refuses values of other types for %s', name => {
    for (const value of strangers) {
      if (alike(value, options[name]) && !Number.isNaN(value) && value !== '') continue;
      if (name === 'partitions' || name === 'dropFraction' || name === 'learningRate') {
        if (typeof value === 'function') continue;
      }
      if (name === 'anneal' && typeof value === 'object' && value !== null && !Array.isArray(value)) continue;
      const error = attempt({ ...options, [name]: value });
      expect([name, value, EspalierError.isInstance(error)]).toEqual([name, value, true]);
      expect(error).toMatchObject({ code: expect.stringMatching(/_OPTION$/) });
    }
  });

  it.each([null, 5, 'text', [], () => {}])('refuses %o in place of the options', value => {
    expect(attempt(value)).toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('refuses to be left without what it requires', () => {
    for (const name of required) {
      const { [name]: __, ...rest } = options;
      expect([name, attempt(rest)]).toMatchObject([name, { code: 'INVALID_OPTION' }]);
    }
  });
});

it.each(['magnitude', 'rigl', 'staticSparse', 'granet', 'lotteryTicket', 'acdc', 'gap', 'woodFisher'])(
  '%s says that distributions are functions when it is given the name of one',
  name => {
    const { create, options } = cases[name] as Case;
    const error = thrown(() => create({ ...options, distribution: 'unifrom' } as never));
    expect(error).toMatchObject({ code: 'INVALID_OPTION', option: 'distribution' });
    expect(String(error)).toMatch(/functions of @espalier\/core, here uniform, without quotes/);
  },
);

describe('a learning-rate segment', () => {
  const wrong: readonly unknown[] = [
    { shape: 'linar', length: 2, from: 1, to: 0 },
    { shape: 'constructor', length: 2 },
    { length: 2, value: 1 },
    { shape: 'linear', length: 2, from: 1 },
    { shape: 'linear', length: '2', from: 1, to: 0 },
    { shape: 'linear', length: 2, from: 1, to: 0, power: 2 },
    { shape: 'constant', length: 2, value: '1' },
    { shape: 'values', values: [] },
    { shape: 'values', values: Float32Array.of(1) },
    { shape: 'values', values: [1, null] },
    null,
    'linear',
  ];

  it.each(wrong)('%j is refused wherever one is given', segment => {
    expect(thrown(() => scheduleOf({ start: 0, segments: [segment] as never }))).toMatchObject({
      code: expect.stringMatching(/_OPTION$/),
    });
    const { create, options } = cases.gap as Case;
    expect(EspalierError.isInstance(thrown(() => create({ ...options, learningRate: [segment] } as never)))).toBe(true);
    const iterative = cases.iterativeMagnitude as Case;
    const retraining = (): unknown => [segment];
    expect(
      EspalierError.isInstance(thrown(() => iterative.create({ ...iterative.options, retraining } as never))),
    ).toBe(true);
  });

  it('is refused in a decision, before the run depends on it', async () => {
    await tf.setBackend('cpu');
    const model = tfl.sequential({ layers: [tfl.layers.dense({ units: 2, inputShape: [2] })] });
    const optimizer = tf.train.sgd(0.1);
    const method = core.fixed();
    const deciding = {
      ...method,
      start: () => ({
        state: null,
        learningRate: { start: 0, segments: [{ shape: 'linar', length: 5, from: 1, to: 0 }] },
      }),
    };
    const start = PruningSession.start(deciding as never, { weights: modelWeights(model), optimizer });
    await expect(start).rejects.toMatchObject({ code: 'INVALID_DECISION', message: expect.stringContaining('linar') });
    optimizer.dispose();
    model.dispose();
  });
});

describe('functions of core that take no options', () => {
  it.each<[string, () => unknown]>([
    ['constant', () => core.constant('1' as never)],
    ['fromEpochs', () => core.fromEpochs('1' as never, 5)],
    ['keptCount', () => core.keptCount('5' as never, 0.5)],
    ['keptCount with a sparsity as text', () => core.keptCount(5, '0.5' as never)],
    ['keepTop of an array', () => core.keepTop([1, 2] as never, 1)],
    ['keepTop of NaN entries', () => core.keepTop(Float32Array.of(1), Number.NaN)],
    ['uniform', () => core.uniform([layer], '0.5' as never)],
    ['global', () => core.global([layer], Number.NaN)],
    ['lamp', () => core.lamp([layer], null as never)],
    ['erdosRenyiKernel', () => core.erdosRenyiKernel([layer], 1)],
    ['uniformPlus', () => core.uniformPlus([layer], -0.5)],
    ['withRules of a name', () => core.withRules('uniform' as never, {})],
    ['selectMasks without layers', () => core.selectMasks(null as never, core.activeMagnitude, 0.5, uniform)],
    ['selectMasks with the name of a criterion', () => core.selectMasks([layer], 'magnitude' as never, 0.5, uniform)],
    [
      'selectMasks with the name of a distribution',
      () => core.selectMasks([layer], core.activeMagnitude, 0.5, 'uniform' as never),
    ],
    ['nOfM', () => core.nOfM('2' as never, 4)],
    ['randomStreams', () => core.randomStreams('1' as never, 0)],
    ['a random stream', () => core.randomStreams(1, 0)(undefined as never)],
    ['decodeCheckpoint', () => core.decodeCheckpoint('file' as never)],
    ['encodeCheckpoint', () => core.encodeCheckpoint({} as never)],
    ['checkpointSparsity', () => core.checkpointSparsity(null as never)],
    ['checkpointBytes', () => core.checkpointBytes({ weights: {} } as never)],
    ['writeSafetensors', () => core.writeSafetensors({ a: 1 } as never)],
    ['float32Tensor', () => core.float32Tensor([2], [1, 2] as never)],
    ['packMask', () => core.packMask([1, 0] as never)],
  ])('%s refuses a wrong type with a code', (_, work) => {
    expect(EspalierError.isInstance(thrown(work))).toBe(true);
  });
});
