import * as core from '@espalier/core';
import { uniform } from '@espalier/core';
import * as acdc from '@espalier/prune-acdc';
import * as gap from '@espalier/prune-gap';
import * as lth from '@espalier/prune-lth';
import * as magnitude from '@espalier/prune-magnitude';
import * as rigl from '@espalier/prune-rigl';
import * as str from '@espalier/prune-str';
import * as fisher from '@espalier/prune-woodfisher';
import { workerExecutor } from '@espalier/prune-woodfisher/node';

type Options = Readonly<Record<string, unknown>>;
/** One entry with options. */
export interface MethodCall {
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
  samples: 4,
  blockSize: 4,
  damping: 1e-3,
  compensation: 1,
  distribution,
  memoryLimit: 1e6,
  executor: fisher.inThread(),
  onProgress: () => {},
};
const window = { start: 0, end: 10 };
/** A prunable layer of four weights. */
export const layer: core.ScoredLayer & core.LayerView = {
  name: 'w',
  shape: [4],
  size: 4,
  scores: new Float32Array(4),
  weights: Float32Array.of(1, 2, 3, 4),
  mask: new Uint8Array(4).fill(1),
};
const masked = {
  weights: new Map([['a', { shape: [2], dtype: 'float32', values: Float32Array.of(1, 2) }]]),
  masks: new Map([['a', Uint8Array.of(1, 1)]]),
  slots: [],
  snapshots: new Map(),
  method: { name: 'x' },
};
const checkpoint = { weights: new Map(), masks: new Map(), slots: [], snapshots: new Map(), method: { name: 'x' } };

/** Everything of core and of the methods that takes options, by name. */
export const methodCalls: Readonly<Record<string, MethodCall>> = {
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
  requireOpenCadence: {
    create: (options: never) => core.requireOpenCadence('cadence', options),
    options: { ...cadence, includeEnd: false },
    required: ['start', 'end', 'every'],
  },
  cadenceJson: {
    create: core.cadenceJson,
    options: { ...cadence, includeEnd: false },
    required: ['start', 'end', 'every'],
  },
  scheduleOf: {
    create: core.scheduleOf,
    options: { start: 0, segments: [{ shape: 'constant', length: 1, value: 1 }] },
    required: ['start', 'segments'],
  },
  requireAmount: {
    create: (amount: never) => core.requireAmount('amount', amount),
    options: { kept: 3 },
    required: ['kept'],
  },
  randomScores: {
    create: (options: never) => core.randomScores(core.randomStreams(1, 0), options),
    options: { revive: true },
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
      sparsity: 0.8,
      phases: 2,
      denseSchedule: () => 0.1,
      denseSteps: 10,
      denseWarmUp: 2,
      start: 10,
      retrainSteps: { total: 4 },
      retraining: magnitude.linearRestart,
      distribution,
    },
    required: ['sparsity', 'phases', 'denseSchedule', 'denseSteps', 'retrainSteps'],
  },
  bimpBudget: {
    create: magnitude.bimpBudget,
    options: { steps: 10, denseFraction: 0.5, learningRate: 0.1 },
    required: ['steps', 'denseFraction', 'learningRate'],
  },
  rigl: { create: rigl.rigl, options: { ...moving, optimizer: 'apply' }, required: ['sparsity', 'cadence'] },
  set: { create: rigl.set, options: moving, required: ['sparsity', 'cadence'] },
  staticSparse: { create: rigl.staticSparse, options: initial, required: ['sparsity'] },
  granet: {
    create: rigl.granet,
    options: {
      sparsity: 0.8,
      cadence,
      trainingSteps: 20,
      initialSparsity: 0.5,
      distribution,
      initialDistribution: uniform,
      regrowFraction: 0.5,
      finalRegrowFraction: 0.01,
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
      ...partitioned,
      turns: 2,
      turnLength: 5,
      order: 'random',
      slots: 'keep',
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
      end: 10,
      initialThreshold: -5,
      thresholdDecay: 0.1,
      thresholdFunction: 'exponential',
      sparsity: 0.8,
      cadence: { start: 0, every: 2 },
      schedule,
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
    options: { ...fisherOptions, sparsity: 0.8, position: 2, cuts: 3 },
    required: ['sparsity'],
  },
  workerExecutor: { create: workerExecutor, options: { threads: 1, spill: '/tmp' } },
};
