import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import {
  disposeOptimizer,
  type FitCallbacks,
  modelWeights,
  PruningSession,
  type SessionCallback,
} from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import {
  Callback,
  CustomCallback,
  type CustomCallbackArgs,
  callbacks,
  type LayersModel,
  type Logs,
  layers,
  type ModelFitArgs,
  sequential,
} from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

/** Keeps what it sees in its own fields, as a user's class does. */
class Watcher extends Callback {
  seen: number[] = [];
  override async onEpochEnd(_: number, logs?: Parameters<Callback['onEpochEnd']>[1]): Promise<void> {
    const loss = logs?.loss;
    this.seen.push(typeof loss === 'number' ? loss : ((await loss?.data())?.[0] ?? Number.NaN));
    expect(this.model).toBeDefined();
  }
}

interface Seen {
  readonly epochs: number[];
  readonly watcher: Watcher;
  readonly args: CustomCallbackArgs;
}

function seen(): Seen {
  const epochs: number[] = [];
  const args = {
    onEpochEnd: (epoch: number, logs?: Logs) => {
      expect(logs?.loss).toBeTypeOf('number');
      epochs.push(epoch);
    },
  };
  return { epochs, watcher: new Watcher(), args };
}

async function run(
  callbacksOf: (session: PruningSession<null>, seen: Seen) => FitCallbacks,
  check: (seen: Seen) => void,
  how: 'fit' | 'fitDataset' = 'fit',
): Promise<void> {
  const before = tf.memory().numTensors;
  const model: LayersModel = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [3] })] });
  const optimizer = tf.train.sgd(0.1);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  model.compile({ optimizer: session.optimizer, loss: 'meanSquaredError' });
  const [x, y] = [tf.ones([8, 3]), tf.zeros([8, 2])];
  const all = seen();
  const options = { epochs: 2, batchSize: 4, verbose: 0 as const, callbacks: callbacksOf(session, all) };
  if (how === 'fit') await model.fit(x, y, options);
  else
    await model.fitDataset(dataset() as Parameters<LayersModel['fitDataset']>[0], { ...options, batchesPerEpoch: 2 });
  expect(session.clock.step).toBe(4);
  check(all);
  session.dispose();
  disposeOptimizer(optimizer);
  tf.dispose([x, y]);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}

/** What `fitDataset` needs of a dataset. */
function dataset(): unknown {
  const next = async (): Promise<unknown> => ({ value: { xs: tf.ones([4, 3]), ys: tf.zeros([4, 2]) }, done: false });
  return { iterator: async () => ({ next }), size: 4 };
}

function permutations<T>(list: readonly T[]): T[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first, i) => permutations(list.filter((_, j) => j !== i)).map(rest => [first, ...rest]));
}

const early = (): Callback => callbacks.earlyStopping({ monitor: 'loss', patience: 9 });
const kinds = ['session', 'early', 'args', 'watcher'] as const;
type Kind = (typeof kinds)[number];
const listed = (session: PruningSession<null>, { args, watcher }: Seen, order: readonly Kind[]): FitCallbacks => {
  const each = { session: session.callback, early: early(), args, watcher };
  return order.map(kind => each[kind]) as FitCallbacks;
};

describe('session.callback', () => {
  const orders = [
    ...permutations(kinds),
    ...permutations(['session', 'early']),
    ...permutations(['session', 'args']),
  ] as Kind[][];

  it.each(orders.map(order => [order.join(', '), order] as const))('works in fit among %s', async (_, order) => {
    await run(
      (session, all) => listed(session, all, order),
      ({ epochs, watcher }) => {
        if (order.includes('args')) expect(epochs).toEqual([0, 1]);
        if (order.includes('watcher')) expect(watcher.seen).toHaveLength(2);
        expect(watcher.seen.every(Number.isFinite)).toBe(true);
      },
    );
  });

  it('works in fitDataset, alone, as a spread object, twice, and in nested lists', async () => {
    await run(
      (session, all) => listed(session, all, kinds),
      ({ watcher }) => expect(watcher.seen).toHaveLength(2),
      'fitDataset',
    );
    await run(
      ({ callback }) => callback,
      () => {},
      'fitDataset',
    );
    await run(
      ({ callback }) => callback,
      () => {},
    );
    await run(
      ({ callback }) => [callback],
      () => {},
    );
    await run(
      ({ callback }) => [callback, callback],
      () => {},
    );
    await run(
      ({ callback }, { args }) => ({ ...callback, ...args }),
      ({ epochs }) => expect(epochs).toEqual([0, 1]),
    );
    await run(
      ({ callback }, { args, watcher }) => [[callback, [args]], watcher] as unknown as FitCallbacks,
      ({ epochs, watcher }) => {
        expect(epochs).toEqual([0, 1]);
        expect(watcher.seen).toHaveLength(2);
      },
    );
  });

  it('lets early stopping stop', async () => {
    const stop = (): Callback => callbacks.earlyStopping({ monitor: 'loss', minDelta: 1e9 });
    const args: number[] = [];
    for (const order of permutations([0, 1, 2])) {
      args.length = 0;
      const model = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [3] })] });
      const session = await PruningSession.start(fixed(), {
        weights: modelWeights(model),
        optimizer: tf.train.sgd(0.1),
      });
      model.compile({ optimizer: session.optimizer, loss: 'meanSquaredError' });
      const each = [session.callback, stop(), { onEpochEnd: (epoch: number) => void args.push(epoch) }];
      await model.fit(tf.ones([4, 3]), tf.zeros([4, 2]), {
        epochs: 9,
        verbose: 0,
        callbacks: order.map(i => each[i]) as FitCallbacks,
      });
      expect(args).toEqual([0, 1]);
      session.dispose();
    }
  });
});

describe('session.callbacks', () => {
  it('makes one list of all kinds, in their order, also for a model that the session does not know', async () => {
    const order: string[] = [];
    const noted = (name: string): CustomCallbackArgs => ({ onEpochEnd: () => void order.push(name) });
    const model = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [3] })] });
    const weights = modelWeights(model);
    const outer = sequential({ layers: [model] });
    const session = await PruningSession.start(fixed(), { weights, optimizer: tf.train.sgd(0.1) });
    outer.compile({ optimizer: session.optimizer, loss: 'meanSquaredError' });
    const watcher = new Watcher();
    const custom = new CustomCallback(noted('custom'));
    let yields = 0;
    const list = session.callbacks(noted('first'), [early(), [watcher, custom]], noted('last'), {
      onYield: () => void yields++,
    });
    await outer.fit(tf.ones([4, 3]), tf.zeros([4, 2]), { verbose: 0, callbacks: list });
    expect(order).toEqual(['first', 'custom', 'last']);
    expect(watcher.seen).toHaveLength(1);
    expect(yields).toBe(1);
    session.dispose();
  });

  it('refuses what is no callback', async () => {
    await run(
      session => {
        expect(() => session.callbacks('early' as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
        return session.callbacks();
      },
      () => {},
    );
  });

  it('has types: lists of every kind are accepted, and functions know their parameters', () => {
    expectTypeOf<SessionCallback>().toExtend<CustomCallbackArgs>();
    expectTypeOf<SessionCallback[]>().toExtend<NonNullable<ModelFitArgs['callbacks']>>();
    const typed = (session: PruningSession): readonly ModelFitArgs[] => [
      { callbacks: session.callback },
      { callbacks: [session.callback, callbacks.earlyStopping()] },
      { callbacks: [callbacks.earlyStopping(), session.callback] },
      { callbacks: [session.callback, { onEpochEnd: (epoch: number) => void epoch }] },
      {
        callbacks: [
          { onEpochEnd: (epoch: number, logs?: Logs) => void [epoch, logs] },
          session.callback,
          callbacks.earlyStopping(),
        ],
      },
      { callbacks: [session.callback, new Watcher()] },
      {
        callbacks: session.callbacks(callbacks.earlyStopping(), [new Watcher()], {
          onEpochEnd: (epoch, logs) => {
            expectTypeOf(epoch).toEqualTypeOf<number>();
            expectTypeOf(logs).toEqualTypeOf<Logs | undefined>();
          },
        }),
      },
    ];
    expect(typed).toBeTypeOf('function');
  });
});
