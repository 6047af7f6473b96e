import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../src/graph/graph.js';
import { compile } from '../src/plan/compile.js';
import { fromLayersModel } from '../src/tfjs/from-layers-model.js';
import { change, small } from './not-finite/spoil.js';
import { noise } from './plan/compare.js';

await tf.setBackend('cpu');

/** Where results differ from those of TensorFlow.js on `cpu`; docs/guide/run-it.md says so. */
describe('where values are not finite, results differ from those of TensorFlow.js in this:', () => {
  /** A dense layer of eight inputs and one output. */
  const dense = (...kernel: number[]): Graph => ({
    input: { name: 'x', shape: [8] },
    nodes: [
      { kind: 'dense', name: 'y', inputs: ['x'], shape: [1], kernel: Float32Array.from(kernel), activation: 'linear' },
    ],
    output: 'y',
  });
  const infinite = Float32Array.of(Number.POSITIVE_INFINITY, 1, 1, 1, 1, 1, 1, 1);

  async function result(graph: Graph, input: Float32Array): Promise<number[]> {
    const plan = await compile(graph, { threads: 1 });
    const values = [...(await plan.run(input))];
    await plan.dispose();
    return values;
  }

  it('a zero among few weights takes no part, where TensorFlow.js makes NaN of 0 times infinity', async () => {
    const kernel = [0, 3, 0, 0, 0, 0, 0, 0];
    expect(await result(dense(...kernel), infinite)).toEqual([3]);
    const product = tf.tidy(() => tf.matMul(tf.tensor2d(infinite, [1, 8]), tf.tensor2d(kernel, [8, 1])).dataSync());
    expect([...product]).toEqual([Number.NaN]);
  });

  it('a zero among many weights of a dense layer takes part, as in TensorFlow.js', async () => {
    expect(await result(dense(0, 3, 1, 1, 1, 1, 1, 1), infinite)).toEqual([Number.NaN]);
  });

  it('the padding of a convolution takes part: an infinite weight makes NaN of it', async () => {
    const graph: Graph = {
      input: { name: 'x', shape: [1, 1, 1] },
      nodes: [
        {
          kind: 'convolution',
          name: 'y',
          inputs: ['x'],
          shape: [1, 1, 1],
          kernel: Float32Array.of(Number.POSITIVE_INFINITY, 2),
          kernelShape: [2, 1, 1, 1],
          strides: [1, 1],
          dilations: [1, 1],
          padding: { top: 1, bottom: 0, left: 0, right: 0 },
          groups: 1,
          activation: 'linear',
        },
      ],
      output: 'y',
    };
    expect(await result(graph, Float32Array.of(1))).toEqual([Number.NaN]);
  });

  it('a maximum over single pixels with a stride passes over NaN as every maximum does, where TensorFlow.js hands it on', async () => {
    const padding = { top: 0, bottom: 0, left: 0, right: 0 };
    const shape = [1, 1, 1] as const;
    const window = { mode: 'max', size: [1, 1], strides: [1, 2], padding } as const;
    const pool = { kind: 'pool', name: 'y', inputs: ['x'], shape, ...window } as const;
    const graph: Graph = { input: { name: 'x', shape }, nodes: [pool], output: 'y' };
    expect(await result(graph, Float32Array.of(Number.NaN))).toEqual([Number.NEGATIVE_INFINITY]);
  });

  it('an infinite scale of normalization is applied to every product, so that infinities of both signs meet', async () => {
    const model = small();
    await change(model, name => name.endsWith('gamma'), 0, [0, Number.POSITIVE_INFINITY]);
    const plan = await compile(await fromLayersModel(model), { threads: 1 });
    const image = noise(6 * 6 * 2, 3);
    expect((await plan.run(image)).every(Number.isNaN)).toBe(true);
    await plan.dispose();
    model.dispose();
  });
});
