import '@tensorflow/tfjs-backend-cpu';
import { encodeCheckpoint, fixed, type PruningMethod } from '@espalier/core';
import { describeMethodContract, methodContract, toyModel } from '@espalier/core/testing';
import { modelWeights, PruningSession, type SessionOptions, weightsOf } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const refusal = (option: string): object => ({ code: expect.stringMatching(/^(UNKNOWN|INVALID)_OPTION$/), option });

/** Starts a session on a toy model, which is freed. */
async function start(method: unknown, options: object): Promise<PruningSession> {
  const { weights, dispose } = toyModel();
  try {
    return await PruningSession.start(
      method as PruningMethod,
      {
        weights,
        optimizer: tf.train.sgd(0.1),
        ...options,
      } as SessionOptions,
    );
  } finally {
    dispose();
  }
}

const wrongNumbers = ['1', null, Number.NaN, [1], {}, true];

describe('session options', () => {
  it.each([
    ['weight_decay', { weight_decay: 1 }, 'weightDecay'],
    ['lerningRate', { lerningRate: () => 1 }, 'learningRate'],
    ['mask', { mask: new Map() }, 'masks'],
    ['onwarning', { onwarning: () => {} }, 'onWarning'],
    ['weightDecay.bias', { weightDecay: { rate: 1, bias: true } }, 'weightDecay.biases'],
    ['weightDecay.normalisation', { weightDecay: { rate: 1, normalisation: true } }, 'weightDecay.normalization'],
  ])('that nobody reads are refused: %s', async (option, options, suggestion) => {
    await expect(start(fixed(), options)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION', option, suggestion });
  });

  it.each([
    ...wrongNumbers.map(value => ['seed', value] as const),
    ...['1', null, Number.NaN, [1], true, -1, {}].map(value => ['weightDecay', value] as const),
    ...[0.1, null, 'linear', {}].map(value => ['learningRate', value] as const),
    ...[{}, [], 'a', null, 3].map(value => ['masks', value] as const),
    ...[{}, 3, null].flatMap(value => [
      ['exampleLosses', value] as const,
      ['onDecision', value] as const,
      ['onWarning', value] as const,
    ]),
    ...['yes', 1, null].map(value => ['fitInParts', value] as const),
    ...[undefined, null, {}, 'sgd'].map(value => ['optimizer', value] as const),
    ...[undefined, null, {}, 'all', []].map(value => ['weights', value] as const),
  ])('of a wrong type are refused: %s %j', async (option, value) => {
    const error = { code: 'INVALID_OPTION', option: expect.stringMatching(new RegExp(`^${option}`)) };
    await expect(start(fixed(), { [option]: value })).rejects.toMatchObject(error);
  });

  it.each(wrongNumbers)('refuse a rate of weight decay of %j', async rate => {
    await expect(start(fixed(), { weightDecay: { rate } })).rejects.toMatchObject(refusal('weightDecay.rate'));
    await expect(start(fixed(), { weightDecay: { rate: 1, biases: 'yes' } })).rejects.toMatchObject(
      refusal('weightDecay.biases'),
    );
  });

  it('take undefined for what was left out', async () => {
    const undefinedOptions = [
      'seed',
      'weightDecay',
      'learningRate',
      'masks',
      'exampleLosses',
      'onDecision',
      'onWarning',
      'fitInParts',
    ];
    const session = await start(fixed(), Object.fromEntries(undefinedOptions.map(option => [option, undefined])));
    expect(session.seed).toBe(0);
    session.dispose();
    const decayed = await start(fixed(), { weightDecay: { rate: 0.1, biases: undefined, normalization: undefined } });
    decayed.dispose();
  });

  it('of a checkpoint are checked', async () => {
    const session = await start(fixed(), {});
    await expect(session.checkpoint({ slot: false } as never)).rejects.toMatchObject(refusal('slot'));
    await expect(session.checkpoint({ slots: 'no' } as never)).rejects.toMatchObject(refusal('slots'));
    await expect(session.checkpoint({ metadata: 'x' } as never)).rejects.toMatchObject(refusal('metadata'));
    await expect(session.checkpoint({ metadata: { at: new Date(0) } } as never)).rejects.toMatchObject(
      refusal('metadata'),
    );
    await expect(session.checkpoint(null as never)).rejects.toMatchObject(refusal('options'));
    session.dispose();
  });
});

describe('weight selections', () => {
  it.each([
    [{ exept: [] }, 'exept'],
    [{ except: 'head/kernel' }, 'except'],
    [{ except: null }, 'except'],
    [{ include: [3] }, 'include[0]'],
    [{ include: [null] }, 'include[0]'],
    [null, 'options'],
    ['head/kernel', 'options'],
    [[/head/], 'options'],
  ])('are refused: %j', (selection, option) => {
    const model = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] });
    expect(() => modelWeights(model, selection as never)).toThrow(expect.objectContaining(refusal(option)));
    const kernel = model.weights[0]!.read() as tf.Variable;
    expect(() => weightsOf({ kernel }, selection as never)).toThrow(expect.objectContaining(refusal(option)));
    expect(() => weightsOf({ kernel }, { role: 'kernel' } as never)).toThrow(expect.objectContaining(refusal('role')));
    expect(() => weightsOf({ kernel }, { role: () => 'kernal' } as never)).toThrow(/"kernal"/);
    model.dispose();
  });

  it('written by hand are checked, too', async () => {
    const kernel = tf.variable(tf.ones([2, 2]));
    const right = { name: 'kernel', variable: kernel, role: 'kernel', trainable: true, prunable: true };
    for (const wrong of [
      { prunabel: true },
      { role: 'kernal' },
      { trainable: 1 },
      { name: '' },
      { prunable: undefined },
    ]) {
      await expect(start(fixed(), { weights: [{ ...right, ...wrong }] })).rejects.toMatchObject({
        code: expect.stringMatching(/^(UNKNOWN|INVALID)_OPTION$/),
      });
    }
    kernel.dispose();
  });
});

describe('methods', () => {
  const method = { ...fixed(), prunes: true };

  it.each([
    [{ plan: undefined }, 'method.plan'],
    [{ plan: {} }, 'method.plan'],
    [{ start: 'start' }, 'method.start'],
    [{ decide: null }, 'method.decide'],
    [{ specification: 'v2' }, 'method.specification'],
    [{ name: '' }, 'method.name'],
    [{ citation: 3 }, 'method.citation'],
    [{ options: undefined }, 'method.options'],
    [{ options: { rate: Number.NaN } }, 'method.options'],
    [{ options: { at: () => 1 } }, 'method.options'],
    [{ target: 0.9 }, 'method.target'],
    [{ target: { sparsity: 1.5, position: 1 } }, 'method.target.sparsity'],
    [{ target: { sparsity: 0.5, position: '1' } }, 'method.target.position'],
    [{ target: { sparsity: 0.5, positon: 1 } }, 'method.target.positon'],
    [{ targets: { sparsity: 0.5, position: 1 } }, 'method.targets'],
    [{ prunes: 'no' }, 'method.prunes'],
    [{ reparameterization: { effective: () => 1 } }, 'method.reparameterization.backward'],
    [{ reparametrization: {} }, 'method.reparametrization'],
  ])('are refused: %j', async (part, option) => {
    await expect(start({ ...method, ...part }, {})).rejects.toMatchObject(refusal(option));
  });

  it.each([undefined, null, {}, [], 'magnitude', fixed])('are no %j', async value => {
    await expect(start(value, {})).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('decisions', () => {
  const segment = { shape: 'linear', length: 4, from: 0.1, to: 0 };
  const wrong: readonly (readonly [object | null | undefined | string, RegExp])[] = [
    [undefined, /object/],
    [null, /object/],
    ['prune', /object/],
    [{}, /no state/],
    [{ state: undefined }, /no state/],
    [{ state: { seen: new Map() } }, /plain data.*state\.seen/],
    [{ state: Number.NaN }, /plain data/],
    [{ state: () => 1 }, /plain data/],
    [{ state: null, mask: new Map() }, /"decision\.mask".*masks/],
    [{ state: null, masks: {} }, /Map/],
    [{ state: null, masks: 'all' }, /Map/],
    [{ state: null, weights: [] }, /Map/],
    [{ state: null, weights: new Map([['head/kernel', [1]]]) }, /Float32Array/],
    [{ state: null, slots: 'clear' }, /slots/],
    [{ state: null, snapshot: 3 }, /snapshot/],
    [{ state: null, snapshot: '\ud800' }, /Unicode/],
    [{ state: null, rewind: 'early' }, /rewind/],
    [{ state: null, snapshot: 'a', rewind: { snapshot: 'a', restore: 'al' } }, /restores/],
    [{ state: null, snapshot: 'a', rewind: { snapshot: 'a', restore: 'all', at: 3 } }, /rewind\.at/],
    [{ state: null, phase: 3 }, /phase/],
    [{ state: null, bake: 'yes' }, /bake/],
    [{ state: null, parameters: {} }, /Map/],
    [{ state: null, learningRate: 0.1 }, /object or null/],
    [{ state: null, learningRate: {} }, /learning-rate plan/],
    [{ state: null, learningRate: { start: 0, segments: [] } }, /learning-rate plan/],
    [
      { state: null, learningRate: { start: 0, segments: [{ ...segment, shape: 'linar' }] } },
      /learning-rate plan.*linar/,
    ],
    [
      { state: null, learningRate: { start: 0, segments: [{ ...segment, shape: 'constructor' }] } },
      /learning-rate plan/,
    ],
    [{ state: null, learningRate: { start: 0, segments: [{ ...segment, from: '1' }] } }, /learning-rate plan/],
    [{ state: null, learningRate: { start: 0, segments: [{ ...segment, to: null }] } }, /learning-rate plan/],
    [{ state: null, learningRate: { start: 0, segments: [null] } }, /learning-rate plan/],
    [{ state: null, learningRate: { start: 0, segments: [{ shape: 'values', values: ['1'] }] } }, /learning-rate plan/],
    [{ state: null, learningRate: { start: -1, segments: [segment] } }, /learning-rate plan/],
  ];

  it.each(wrong)(
    'that cannot be carried out or saved are refused when they are made: %j',
    async (decision, message) => {
      const error = { code: 'INVALID_DECISION', message: expect.stringMatching(message) };
      await expect(start({ ...fixed(), start: () => decision }, {})).rejects.toMatchObject(error);
      const model = toyModel();
      const options = { weights: model.weights, optimizer: tf.train.sgd(0.1) };
      const method = { ...fixed(), plan: () => ({ observe: { kind: 'clock' } }), decide: () => decision } as never;
      const session = await PruningSession.start<null>(method, options);
      await expect(session.step(model.loss)).rejects.toMatchObject(error);
      session.dispose();
      model.dispose();
    },
  );

  it.each([
    [undefined, /object/],
    [null, /object/],
    [{ observes: { kind: 'clock' } }, /"plan\.observes".*observe/],
    [{ observe: 'weights' }, /observe/],
    [{ observe: { kind: 'weight' } }, /"weight"/],
    [{ observe: { kind: 'constructor' } }, /"constructor"/],
    [{ observe: { kind: 'weights', count: 3 } }, /count/],
    [{ optimizer: 'skp' }, /skip/],
  ])('plans that cannot be carried out are refused: %j', async (plan, message) => {
    const model = toyModel();
    const session = await PruningSession.start({ ...fixed(), plan: () => plan } as never, {
      weights: model.weights,
      optimizer: tf.train.sgd(0.1),
    });
    await expect(session.step(model.loss)).rejects.toMatchObject({
      code: 'INVALID_DECISION',
      message: expect.stringMatching(message),
    });
    session.dispose();
    model.dispose();
  });

  it('that pass make a run that can be saved', async () => {
    const plan = {
      start: 0,
      segments: [segment, { shape: 'values', values: [0.1] }, { shape: 'constant', length: 1, value: 0 }],
    };
    const decision = {
      state: { a: [1, 'b', null] },
      learningRate: plan,
      masks: undefined,
      phase: 'x',
      slots: undefined,
      rewind: undefined,
    };
    const session = await start({ ...fixed(), start: () => decision }, {});
    session.dispose();
    const model = toyModel();
    const live = await PruningSession.start({ ...fixed(), start: () => decision } as never, {
      weights: model.weights,
      optimizer: tf.train.sgd(0.1),
    });
    expect(encodeCheckpoint(await live.checkpoint()).length).toBeGreaterThan(0);
    live.dispose();
    model.dispose();
  });
});

describe('the contract suite', () => {
  const runner = { describe: () => {}, it: () => {} };

  it.each([
    [{ step: 20 }, 'step'],
    [{ steps: '20' }, 'steps'],
    [{ steps: 0 }, 'steps'],
    [{ seed: -1 }, 'seed'],
    [{ cuts: 3 }, 'cuts'],
    [{ cuts: [1.5] }, 'cuts[0]'],
    [{ optimizers: {} }, 'optimizers'],
    [{ optimizers: { sgd: tf.train.sgd(0.1) } }, 'optimizers.sgd'],
    [null, 'options'],
  ])('refuses %j', (options, option) => {
    expect(() => methodContract(fixed, options as never)).toThrow(expect.objectContaining(refusal(option)));
    expect(() =>
      describeMethodContract({ ...runner, describe: (_, body) => body() }, 'fixed', fixed, options as never),
    ).toThrow(expect.objectContaining(refusal(option)));
  });

  it('refuses runners, names and creators that are none', () => {
    expect(() => methodContract(fixed() as never)).toThrow(expect.objectContaining(refusal('create')));
    expect(() => describeMethodContract({} as never, 'fixed', fixed)).toThrow(
      expect.objectContaining(refusal('runner.describe')),
    );
    expect(() => describeMethodContract(runner, 3 as never, fixed)).toThrow(expect.objectContaining(refusal('name')));
    expect(() => toyModel('1' as never)).toThrow(expect.objectContaining(refusal('seed')));
  });
});
