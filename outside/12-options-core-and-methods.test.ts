import * as core from '@espalier/core';
import { EspalierError, scheduleOf, uniform } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { layer, type MethodCall, methodCalls } from './options/method-calls.js';

/**
 * Number 12: everything that takes options refuses unknown ones and values of the wrong type, and takes undefined for a
 * default.
 */
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

describe.each(Object.entries(methodCalls))('%s', (_, { create, options, required = [] }) => {
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
    const { create, options } = methodCalls[name] as MethodCall;
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
    const { create, options } = methodCalls.gap as MethodCall;
    expect(EspalierError.isInstance(thrown(() => create({ ...options, learningRate: [segment] } as never)))).toBe(true);
    const iterative = methodCalls.iterativeMagnitude as MethodCall;
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
    ['philox', () => core.philox('counter' as never, [0, 0], new Uint32Array(4))],
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
