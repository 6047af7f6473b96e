import '@tensorflow/tfjs-backend-cpu';
import { fixed } from '@espalier/core';
import { modelWeights, PruningSession, toModel } from '@espalier/core/tfjs';
import { compile } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';

beforeAll(() => tf.setBackend('cpu'));

const names = ['\u001b[2Jgone', '\u001b]0;owned\u0007', 'a\u009b31mb', 'a\rb', 'a\u202eb'];
const places = ['class_name', 'config.name', 'config.activation'] as const;

/** A checkpoint whose topology has a text in one place of its first layer. */
async function checkpointWith(place: (typeof places)[number], text: string): Promise<never> {
  const model: LayersModel = sequential({ layers: [layers.dense({ name: 'head', units: 2, inputShape: [2] })] });
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer: tf.train.sgd(0.1) });
  const checkpoint = structuredClone(await session.checkpoint({ model, slots: false })) as unknown as {
    model: { config: { layers: { class_name: string; config: Record<string, string> }[] } };
  };
  session.dispose();
  model.dispose();
  const [layer] = checkpoint.model.config.layers;
  if (layer === undefined) throw new Error('the topology has no layers');
  if (place === 'class_name') layer.class_name = text;
  else layer.config[place.slice('config.'.length)] = text;
  return checkpoint as never;
}

it.each(places)('what a program prints of a refusal cannot steer a terminal: %s', async place => {
  for (const name of names)
    for (const read of [toModel, compile]) {
      const checkpoint = await checkpointWith(place, name);
      const error: unknown = await (read as (from: never) => Promise<unknown>)(checkpoint).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      const { message, stack = '' } = error as Error;
      expect(message).not.toBe('');
      expect(`${message}${stack}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
    }
});
