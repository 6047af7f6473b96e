import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it, test } from 'vitest';
import { type Bend, both, testBends } from '../../test/bends.js';
import { expectSameAsCpu, noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

/** An activation layer of tfjs-layers. */
function layer(activation: 'swish' | 'relu6' | 'hardSigmoid' | 'sigmoid'): Bend {
  return x => tfl.layers.activation({ activation, name: 'bend' }).apply(x) as tf.Tensor;
}

const bends: readonly [name: string, bend: Bend][] = [
  ['sigmoid', tf.sigmoid],
  ['x sigmoid(x)', x => tf.mul(x, tf.sigmoid(x))],
  ['leakyRelu', x => tf.leakyRelu(x)],
  ['leakyRelu with a slope of -0.5', x => tf.leakyRelu(x, -0.5)],
  ['the activation swish', layer('swish')],
  ['the activation relu6', layer('relu6')],
  ['the activation hardSigmoid', layer('hardSigmoid')],
  ['hard swish', x => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6))],
];

testBends(bends);

test.each(bends.slice(0, 2))('%s can be differentiated twice, as on cpu', async (_, bend) => {
  const sum: Bend = x => tf.sum(tf.square(bend(x)));
  await expectSameAsCpu(() => tf.grad(x => tf.sum(tf.grad(sum)(x)))(tf.mul(noiseTensor([33], 1), 4)));
});

it('gives leakyRelu a second gradient', async () => {
  // With the slope 1/2 below 0, the second derivative of its square is 2 (1/2)^2 there, and 2 above.
  const squared: Bend = x => tf.sum(tf.square(tf.leakyRelu(x, 0.5)));
  const [second] = await valuesOn('wasm', () => tf.grad(x => tf.sum(tf.grad(squared)(x)))(tf.tensor1d([-3, 3])));
  expect([...second!.values]).toEqual([0.5, 2]);
});

it('gives the gradients that are known', async () => {
  // At 0 a sigmoid is 1/2 with slope 1/4, and swish has slope 1/2. Leaky ReLU counts 0 among the negative.
  const [sigmoid, swish, leaky] = await valuesOn('wasm', () =>
    [tf.sigmoid, layer('swish'), (x: tf.Tensor) => tf.leakyRelu(x, 0.25)].map(bend =>
      tf.grad(bend as Bend)(tf.tensor1d([0, 0]), tf.tensor1d([1, 8])),
    ),
  );
  expect([...sigmoid!.values]).toEqual([0.25, 2]);
  expect([...swish!.values]).toEqual([0.5, 4]);
  expect([...leaky!.values]).toEqual([0.25, 2]);
});

it('leaves swish with another factor, and other backends, to tfjs-layers', async () => {
  const { activation } = tfl.layers.activation({ activation: 'swish', name: 'bend' }) as unknown as {
    activation: { apply(x: tf.Tensor, alpha?: number): tf.Tensor };
  };
  await expectSameAsCpu(
    both(
      x => activation.apply(x, 2),
      () => noiseTensor([9], 1),
    ),
  );
  const kernelsOn = async (backend: string, alpha: number): Promise<string[]> => {
    await tf.setBackend(backend);
    const x = noiseTensor([9], 1);
    const { kernelNames } = await tf.profile(() => tf.tidy(() => void tf.grad(y => activation.apply(y, alpha))(x)));
    x.dispose();
    return kernelNames;
  };
  expect(await kernelsOn('wasm', 1)).toContain('EspalierSwishGrad');
  expect(await kernelsOn('wasm', 2)).not.toContain('EspalierSwishGrad');
  expect(await kernelsOn('cpu', 1)).not.toContain('EspalierSwishGrad');
});
