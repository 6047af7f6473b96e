import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useBackend } from '../index.js';
import { registerFileSystemHandlers } from './index.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-url-'));
});

afterEach(() => rm(directory, { recursive: true }));

async function kernelOf(model: layers.LayersModel): Promise<number[]> {
  return Array.from(await model.getWeights()[0]!.data());
}

describe('registerFileSystemHandlers', () => {
  it('makes file:// URLs work for saving and loading, also when called twice', async () => {
    await useBackend('cpu');
    registerFileSystemHandlers();
    registerFileSystemHandlers();
    const model = layers.sequential({ layers: [layers.layers.dense({ units: 2, inputShape: [3] })] });
    await model.save(`file://${directory}/nested/model`);
    const again = await layers.loadLayersModel(`file://${directory}/nested/model/model.json`);
    expect(await kernelOf(again)).toEqual(await kernelOf(model));
    for (const each of [model, again]) each.dispose();
  });

  it('leaves other URLs to others', () => {
    registerFileSystemHandlers();
    expect(tf.io.getLoadHandlers('https://example.org/model.json')).toHaveLength(1);
  });
});
