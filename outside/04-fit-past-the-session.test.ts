import '@tensorflow/tfjs-backend-cpu';
import { fixed, type PruningMethod } from '@espalier/core';
import { disposeOptimizer, modelWeights, PruningSession, type SessionOptions } from '@espalier/core/tfjs';
import { magnitude, oneShotMagnitude } from '@espalier/prune-magnitude';
import * as tf from '@tensorflow/tfjs-core';
import { callbacks, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

interface Scene {
  readonly model: LayersModel;
  readonly session: PruningSession;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  /** Four steps. */
  readonly fit: (options?: object) => Promise<unknown>;
}

const network = (): LayersModel =>
  sequential({
    layers: [layers.dense({ name: 'hidden', units: 4, inputShape: [3] }), layers.dense({ name: 'head', units: 2 })],
  });

/** A method that reaches half with the step at position 5. */
const late = (position = 5): PruningMethod => oneShotMagnitude({ sparsity: 0.5, position }) as PruningMethod;

async function scene(
  method: PruningMethod,
  body: (scene: Scene) => Promise<void>,
  options: Partial<SessionOptions> = {},
): Promise<void> {
  const model = network();
  const optimizer = tf.train.sgd(0.1);
  const [x, y] = [tf.ones([16, 3]), tf.zeros([16, 2])];
  const session = await PruningSession.start(method, { weights: modelWeights(model), optimizer, ...options });
  model.compile({ optimizer: session.optimizer, loss: 'meanSquaredError' });
  const fit = (extra: object = {}): Promise<unknown> =>
    model.fit(x, y, { batchSize: 4, epochs: 1, verbose: 0, callbacks: session.callback, ...extra });
  try {
    await body({ model, session, x, y, fit });
  } finally {
    session.dispose();
    disposeOptimizer(optimizer);
    tf.dispose([x, y]);
    model.dispose();
  }
}

describe('a fit that another optimizer trains', () => {
  it.each([
    [
      'fit',
      (model: LayersModel, { x, y, session }: Scene) =>
        model.fit(x, y, { batchSize: 4, epochs: 2, verbose: 0, callbacks: session.callback }),
    ],
    [
      'a list in fit',
      (model: LayersModel, { x, y, session }: Scene) =>
        model.fit(x, y, {
          batchSize: 4,
          verbose: 0,
          callbacks: [session.callback, callbacks.earlyStopping({ monitor: 'loss' })],
        }),
    ],
    [
      'its part in fit',
      (model: LayersModel, { x, y, session }: Scene) =>
        model.fit(x, y, { batchSize: 4, verbose: 0, callbacks: { onBatchEnd: session.callback.onBatchEnd } }),
    ],
  ])('is refused at the end of its first batch (%s)', async (_, fit) => {
    for (const method of [late(), fixed() as PruningMethod]) {
      await scene(method, async all => {
        let batches = 0;
        all.model.compile({
          optimizer: tf.train.adam(),
          loss: (a, b) => {
            batches++;
            return tf.losses.meanSquaredError(a, b);
          },
        });
        await expect(fit(all.model, all)).rejects.toMatchObject({ code: 'OPTIMIZER_NOT_USED' });
        expect(batches).toBe(1);
        expect(all.session.clock.step).toBe(0);
      });
    }
  });

  it('is refused for another model with an optimizer of its own', async () => {
    await scene(late(), async all => {
      const other = network();
      other.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      const run = other.fit(all.x, all.y, { batchSize: 4, verbose: 0, callbacks: all.session.callback });
      await expect(run).rejects.toMatchObject({ code: 'OPTIMIZER_NOT_USED' });
      other.compile({ optimizer: all.session.optimizer, loss: 'meanSquaredError' });
      const borrowed = other.fit(all.x, all.y, { batchSize: 4, verbose: 0, callbacks: all.session.callback });
      await expect(borrowed).rejects.toMatchObject({ code: 'TRAINABLE_SET_CHANGED' });
      other.dispose();
    });
  });
});

describe('a fit that ends before the target', () => {
  const missed = { code: 'SPARSITY_NOT_REACHED', reached: 0, promised: 0.5, position: 5, end: 4 };

  it('rejects at its end, says what was reached, and leaves a session that another fit goes on with', async () => {
    await scene(late(), async ({ fit, session }) => {
      await expect(fit()).rejects.toMatchObject({
        ...missed,
        message: expect.stringMatching(/ended at position 4 with sparsity 0/),
      });
      expect(session.clock.step).toBe(4);
      await fit();
      expect(session.sparsity).toBe(0.5);
      await fit(); // continued training is fine
      await session.finish();
    });
  });

  it('may be one part of several if the session is told, which checks at the end', async () => {
    await scene(
      late(),
      async ({ fit, session }) => {
        await fit();
        await expect(session.finish()).rejects.toMatchObject(missed);
        for (let epoch = 0; epoch < 3; epoch++) await fit();
        await session.finish();
      },
      { fitInParts: true },
    );
  });

  it('is one that early stopping or stopTraining ended', async () => {
    await scene(late(20), async ({ fit, session }) => {
      const early = callbacks.earlyStopping({ monitor: 'loss', minDelta: 1e9 });
      await expect(fit({ epochs: 9, callbacks: [session.callback, early] })).rejects.toMatchObject({
        code: 'SPARSITY_NOT_REACHED',
      });
    });
    await scene(late(), async ({ fit, session, model }) => {
      const onBatchEnd = (): void => {
        model.stopTraining = true;
      };
      await expect(fit({ callbacks: [{ onBatchEnd }, session.callback] })).rejects.toMatchObject({
        code: 'SPARSITY_NOT_REACHED',
      });
    });
  });

  it('is none if the method promises nothing, or the target is reached', async () => {
    await scene(fixed() as PruningMethod, async ({ fit }) => void (await fit()));
    const early = magnitude({ sparsity: 0.5, cadence: { start: 0, end: 2, every: 1 } }) as PruningMethod;
    await scene(early, async ({ fit }) => void (await fit()));
  });

  it('is told by finish after trainOnBatch and in loops of your own', async () => {
    await scene(late(), async ({ model, session, x, y }) => {
      for (let i = 0; i < 4; i++) {
        await model.trainOnBatch(x, y);
        await session.settle();
      }
      await expect(session.finish()).rejects.toMatchObject(missed);
      for (let i = 0; i < 4; i++) await session.step(() => tf.losses.meanSquaredError(y, model.apply(x) as tf.Tensor));
      await session.finish();
    });
  });
});

describe('a fit after something went wrong', () => {
  it('goes on after an error between a step and its settling', async () => {
    await scene(fixed() as PruningMethod, async ({ fit, session }) => {
      const failing = {
        onBatchEnd: (batch: number) => {
          if (batch === 1) throw new Error('mine');
        },
      };
      await expect(fit({ callbacks: [failing, session.callback] })).rejects.toThrow('mine');
      await fit();
      expect(session.clock.step).toBe(6);
    });
  });

  it('is refused by a session that was disposed', async () => {
    await scene(late(), async ({ fit, session }) => {
      session.dispose();
      await expect(fit()).rejects.toMatchObject({ code: 'SESSION_DISPOSED' });
      await expect(session.finish()).rejects.toMatchObject({ code: 'SESSION_DISPOSED' });
    });
  });
});
