import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useBackend } from '../index.js';
import { fileSystem } from './index.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-model-'));
});

afterEach(() => rm(directory, { recursive: true }));

function convNet(): layers.Sequential {
  const kernelInitializer = layers.initializers.glorotUniform({ seed: 1 });
  return layers.sequential({
    layers: [
      layers.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, kernelInitializer }),
      layers.layers.batchNormalization(),
      layers.layers.flatten(),
      layers.layers.dense({ units: 2, kernelInitializer }),
    ],
  });
}

async function weightsOf(model: layers.LayersModel): Promise<number[][]> {
  return Promise.all(model.getWeights().map(async weight => Array.from(await weight.data())));
}

/** Writes what the handler wrote, by the converter's rules: three weights in two groups, one of them in two files. */
async function writeConverted(): Promise<void> {
  const weight = (name: string, shape: number[]): object => ({ name, shape, dtype: 'float32' });
  const json = {
    format: 'layers-model',
    modelTopology: { class_name: 'Sequential', config: { name: 'm', layers: [] } },
    weightsManifest: [
      { paths: ['group1-shard1of2', 'group1-shard2of2'], weights: [weight('a', [2]), weight('b', [])] },
      {
        paths: ['group2-shard1of1.bin'],
        weights: [{ name: 'c', shape: [3], dtype: 'float32', quantization: { dtype: 'uint8', min: -1, scale: 0.5 } }],
      },
    ],
  };
  await writeFile(join(directory, 'model.json'), JSON.stringify(json));
  // a = [1, 2], b = 3 are twelve bytes, cut after the fifth; c = -1 + 0.5 * [0, 2, 4] = [-1, 0, 1]
  const bytes = Buffer.from(Float32Array.of(1, 2, 3).buffer);
  await writeFile(join(directory, 'group1-shard1of2'), bytes.subarray(0, 5));
  await writeFile(join(directory, 'group1-shard2of2'), bytes.subarray(5));
  await writeFile(join(directory, 'group2-shard1of1.bin'), Uint8Array.of(0, 2, 4));
}

describe.each(['cpu', 'wasm'] as const)('fileSystem on %s', backend => {
  beforeEach(() => useBackend(backend));

  it('gives back the same weights, predictions and metadata, from many small files', async () => {
    const before = tf.memory().numTensors;
    const model = convNet();
    model.setUserDefinedMetadata({ sparsity: { 'conv2d/kernel': 0.9 } });
    // conv 3*3*1*3 + 3, batch norm 4*3, dense 48*2 + 2 weights = 140 weights, 560 bytes, 6 files of at most 100
    const { modelArtifactsInfo } = await model.save(fileSystem(directory, { shardBytes: 100 }));
    expect(modelArtifactsInfo.weightDataBytes).toBe(560);
    expect((await readdir(directory)).filter(name => name.endsWith('.bin'))).toHaveLength(6);

    const again = await layers.loadLayersModel(fileSystem(directory));
    expect(await weightsOf(again)).toEqual(await weightsOf(model));
    expect(again.getUserDefinedMetadata()).toEqual({ sparsity: { 'conv2d/kernel': 0.9 } });
    const input = tf.ones([1, 6, 6, 1]);
    const outputs = [model, again].map(each => each.predict(input) as tf.Tensor);
    expect(await outputs[1]!.data()).toEqual(await outputs[0]!.data());
    tf.dispose([input, ...outputs]);
    for (const each of [model, again]) each.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives back the training configuration and the optimizer with its momentum', async () => {
    const model = convNet();
    model.compile({ optimizer: tf.train.momentum(0.25, 0.5), loss: 'meanSquaredError' });
    const [x, y] = [tf.ones([2, 6, 6, 1]), tf.ones([2, 2])];
    await model.trainOnBatch(x, y);
    await model.save(fileSystem(directory), { includeOptimizer: true });
    const again = await layers.loadLayersModel(fileSystem(directory));
    expect(again.optimizer.getConfig()).toMatchObject({ learningRate: 0.25, momentum: 0.5 });
    expect(again.loss).toBe('meanSquaredError');
    const slots = await Promise.all(
      [model, again].map(async ({ optimizer }) => {
        const weights = await optimizer.getWeights();
        return Promise.all(weights.slice(1).map(async ({ tensor }) => Array.from(await tensor.data())));
      }),
    );
    expect(slots[1]).toEqual(slots[0]);
    expect(slots[0]!.flat().some(value => value !== 0)).toBe(true);
    tf.dispose([x, y]);
    for (const each of [model, again]) each.dispose();
  });
});

describe('fileSystem', () => {
  beforeEach(() => useBackend('cpu'));

  it('reads weight groups, cut files and quantized weights of the converter', async () => {
    await writeConverted();
    const { weightData, weightSpecs } = await fileSystem(join(directory, 'model.json')).load!();
    const weights = tf.io.decodeWeights(weightData!, weightSpecs!);
    const values = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, [...weight.dataSync()]]));
    expect(values).toEqual({ a: [1, 2], b: [3], c: [-1, 0, 1] });
    tf.dispose(weights);
  });

  it('writes what tfjs-node and browsers read: one manifest group, little-endian bytes in order', async () => {
    const weightSpecs = [{ name: 'w', shape: [2], dtype: 'float32' as const }];
    const artifacts = {
      modelTopology: { a: 1 },
      weightSpecs,
      weightData: Float32Array.of(1, -2).buffer,
      format: 'layers-model',
    };
    await fileSystem(directory).save!(artifacts);
    const json = JSON.parse(await readFile(join(directory, 'model.json'), 'utf8'));
    const path = expect.stringMatching(/^model\.[0-9a-f]{8}\.shard1of1\.bin$/);
    expect(json).toEqual({
      modelTopology: { a: 1 },
      format: 'layers-model',
      weightsManifest: [{ paths: [path], weights: weightSpecs }],
    });
    // 1 = 0x3f800000, -2 = 0xc0000000
    expect((await readFile(join(directory, json.weightsManifest[0].paths[0]))).toString('hex')).toBe(
      '0000803f000000c0',
    );
  });

  it('takes weights in several buffers, as TensorFlow.js may hand them over', async () => {
    const weightSpecs = [{ name: 'w', shape: [3], dtype: 'float32' as const }];
    const weightData = [Float32Array.of(1, 2).buffer, Float32Array.of(3).buffer];
    await fileSystem(directory, { shardBytes: 5 }).save!({ modelTopology: {}, weightSpecs, weightData });
    const loaded = await fileSystem(directory).load!();
    expect([...new Float32Array(tf.io.CompositeArrayBuffer.join(loaded.weightData!))]).toEqual([1, 2, 3]);
  });

  it('leaves only the new model behind when saving over an old one', async () => {
    await writeConverted();
    await writeFile(join(directory, 'notes.txt'), 'mine');
    const model = convNet();
    await model.save(fileSystem(directory));
    await model.save(fileSystem(directory));
    const names = await readdir(directory);
    expect(names.sort()).toEqual([expect.stringMatching(/shard1of1\.bin$/), 'model.json', 'notes.txt'].sort());
    model.dispose();
  });

  it('never removes a file that is no weight file, even if the old model names it', async () => {
    await mkdir(join(directory, 'below'));
    for (const name of ['precious.txt', 'below/other.bin']) await writeFile(join(directory, name), 'mine');
    const weightsManifest = [{ paths: ['precious.txt', 'below/other.bin', '../x.bin'], weights: [] }];
    await writeFile(join(directory, 'model.json'), JSON.stringify({ modelTopology: {}, weightsManifest }));
    await fileSystem(directory).save!({ modelTopology: {} });
    expect(await readFile(join(directory, 'precious.txt'), 'utf8')).toBe('mine');
    expect(await readFile(join(directory, 'below/other.bin'), 'utf8')).toBe('mine');
  });

  it('keeps two models in one directory apart by the name of their JSON file', async () => {
    const weightSpecs = [{ name: 'w', shape: [1], dtype: 'float32' as const }];
    const save = (name: string, value: number): Promise<unknown> =>
      fileSystem(join(directory, name)).save!({
        modelTopology: {},
        weightSpecs,
        weightData: Float32Array.of(value).buffer,
      });
    await save('a.json', 1);
    await save('b.json', 2);
    await save('a.json', 3);
    for (const [name, value] of [
      ['a.json', 3],
      ['b.json', 2],
    ] as const) {
      const { weightData } = await fileSystem(join(directory, name)).load!();
      expect(new Float32Array(weightData as ArrayBuffer)).toEqual(Float32Array.of(value));
    }
  });

  it('refuses a shard size that is no positive integer', () => {
    for (const shardBytes of [0, -1, 1.5, Number.NaN]) {
      expect(() => fileSystem(directory, { shardBytes })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
  });
});
