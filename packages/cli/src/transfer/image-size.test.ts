import '@tensorflow/tfjs-backend-cpu';
import { toModel } from '@espalier/core/tfjs';
import { resnet20 } from '@espalier/models';
import { expect, it } from 'vitest';
import { checkpointOf, tiny } from '../../test/checkpoint-of.js';
import { imageShapeOf, withImageSize } from './image-size.js';

it('gives a network that is averaged over all places the same weights at more of them', async () => {
  const checkpoint = await checkpointOf(resnet20({ inputShape: [8, 8, 3], width: 2 }));
  const resized = await withImageSize(checkpoint, 12);
  expect([imageShapeOf(checkpoint), imageShapeOf(resized)]).toEqual([
    [8, 8, 3],
    [12, 12, 3],
  ]);
  expect(resized.weights).toBe(checkpoint.weights);
  const model = await toModel(resized);
  expect(model.inputs[0]?.shape).toEqual([null, 12, 12, 3]);
  model.dispose();
});

it('refuses another size for a network with dense layers over all places, and takes its own', async () => {
  const checkpoint = await checkpointOf(tiny());
  expect(await withImageSize(checkpoint, 5)).toBe(checkpoint);
  await expect(withImageSize(checkpoint, 9)).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('9×9 (--size), only of 5×5'),
  });
});

it('says what is missing if there is no topology', async () => {
  const checkpoint = { ...(await checkpointOf(tiny())), model: null };
  expect(() => imageShapeOf(checkpoint)).toThrow(expect.objectContaining({ code: 'CHECKPOINT_MISMATCH' }));
});
