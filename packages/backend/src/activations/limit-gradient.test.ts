import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it, test } from 'vitest';
import { type Bend, testBends } from '../../test/bends.js';
import { noiseTensor, startBackends, valuesOn } from '../../test/wasm-against-cpu.js';

beforeAll(startBackends);

/** A limited ReLU layer of tfjs-layers. */
function layer(maxValue?: number): Bend {
  return x => tfl.layers.reLU({ maxValue: maxValue as number, name: 'bend' }).apply(x) as tf.Tensor;
}

const bends: readonly [name: string, bend: Bend][] = [
  ['relu', tf.relu],
  ['relu6', tf.relu6],
  ['clipByValue from -1 to 2', x => tf.clipByValue(x, -1, 2)],
  ['clipByValue from -Infinity to Infinity', x => tf.clipByValue(x, -Infinity, Infinity)],
  ['a ReLU layer', layer()],
  ['a ReLU layer up to 6', layer(6)],
  ['a ReLU layer up to 0.5', layer(0.5)],
];

testBends(bends);

it('lets the gradient of a ReLU layer up to 6 through above 0 and to 6', async () => {
  const x = [-1, 0, 1e-30, 6, 6.5, Number.NaN, Infinity, -Infinity];
  const [dx] = await valuesOn('wasm', () => tf.grad(layer(6))(tf.tensor1d(x), tf.range(1, 9)));
  expect([...dx!.values]).toEqual([0, 0, 3, 4, 0, Number.NaN, 0, 0]);
});

it('lets the gradient of clipByValue through at both limits, and not at NaN', async () => {
  const clip = (x: tf.Tensor): tf.Tensor => tf.clipByValue(x, 0, 6);
  const [dx] = await valuesOn('wasm', () =>
    tf.grad(clip)(tf.tensor1d([-1, 0, 3, 6, 7, Number.NaN]), tf.tensor1d([1, 2, 3, 4, 5, 6])),
  );
  expect([...dx!.values]).toEqual([0, 2, 3, 4, 0, 0]);
});

test.each(bends)('%s can be differentiated twice', async (_, bend) => {
  // The derivative of bend(x)^2 is 2 bend(x) bend'(x), and that of this 2 bend'(x)^2: 2 where a gradient comes through.
  const squared: Bend = x => tf.sum(tf.square(bend(x)));
  const x = (): tf.Tensor => tf.mul(noiseTensor([50], 1), 8);
  const [second, first] = await valuesOn('wasm', () => [
    tf.grad(input => tf.sum(tf.grad(squared)(input)))(x()),
    tf.grad(bend)(x()),
  ]);
  expect([...second!.values]).toEqual([...first!.values].map(value => 2 * value));
  expect(second!.values).toContain(2);
});

it('runs a limited ReLU layer as one kernel each way on wasm, and as tfjs-layers does elsewhere', async () => {
  const kernelsOn = async (backend: string): Promise<string[]> => {
    await tf.setBackend(backend);
    const x = noiseTensor([9], 1);
    const { kernelNames } = await tf.profile(() => tf.tidy(() => void tf.grad(layer(6))(x)));
    x.dispose();
    return kernelNames;
  };
  const onWasm = await kernelsOn('wasm');
  expect(onWasm).toEqual(expect.arrayContaining(['EspalierBoundedRelu', 'EspalierLimitGrad']));
  expect(onWasm).not.toContain('ClipByValue');
  expect(await kernelsOn('cpu')).toContain('ClipByValue');
});

it('leaves a limit that is not above 0 to tfjs-layers', async () => {
  const [y] = await valuesOn('wasm', () => layer(0)(tf.tensor1d([-1, 2])));
  expect([...y!.values]).toEqual([0, 0]);
  await tf.setBackend('wasm');
  const x = noiseTensor([3], 1);
  expect(() => tf.tidy(() => layer(-1)(x))).toThrow(/clip/);
  x.dispose();
});
