import '@tensorflow/tfjs-backend-cpu';
import { readFile, writeFile } from 'node:fs/promises';
import { readLayersModel } from '@espalier/models/node';
import { expect, it } from 'vitest';
import { failure, layer, modelFile, outputOf, sequential } from './model-files.js';

async function quantized(quantization: unknown, dtype: string, bytes: Buffer): Promise<string> {
  const path = await modelFile(sequential([2], layer('Dense', { units: 1, use_bias: false })), {
    'dense/kernel': [
      [2, 1],
      [1, 2],
    ],
  });
  const json = JSON.parse(await readFile(path, 'utf8')) as { weightsManifest: [{ weights: object[] }] };
  json.weightsManifest[0].weights = [{ name: 'dense/kernel', shape: [2, 1], dtype, quantization }];
  await writeFile(path, JSON.stringify(json));
  await writeFile(path.replace('model.json', 'w.bin'), bytes);
  return path;
}

it('quantized weights are what they stand for', async () => {
  // 0.5 · 2 - 1 = 0, 0.5 · 4 - 1 = 1; half precision 0x3c00 = 1, 0x4000 = 2
  const eight = await readLayersModel(
    await quantized({ dtype: 'uint8', scale: 0.5, min: -1 }, 'float32', Buffer.from([2, 4])),
  );
  expect(outputOf(eight, [10, 100])).toEqual([100]);
  const half = await readLayersModel(await quantized({ dtype: 'float16' }, 'float32', Buffer.from([0, 0x3c, 0, 0x40])));
  expect(outputOf(half, [10, 100])).toEqual([210]);
});

it.each<[unknown, string]>([
  [{ dtype: 'uint8', min: 0 }, 'float32'],
  [{ dtype: 'uint8', scale: 1 }, 'float32'],
  [{ dtype: 'uint16' }, 'float32'],
  [{ dtype: 'uint8', scale: null, min: 0 }, 'float32'],
  [{ dtype: 'uint8', scale: '1', min: 0 }, 'float32'],
  [{ dtype: 'uint8', scale: 1, min: [] }, 'float32'],
  [{ dtype: 'int4', scale: 1, min: 0 }, 'float32'],
  [{ scale: 1, min: 0 }, 'float32'],
  [null, 'float32'],
  ['uint8', 'float32'],
  [[], 'float32'],
  [{ dtype: 'uint8', scale: 1, min: 0 }, 'bool'],
  [{ dtype: 'float16' }, 'int32'],
  [undefined, 'string'],
  [undefined, 'complex64'],
])(
  'the quantization %j of %s is refused with a code and the weight, and leaves no tensor',
  async (quantization, dtype) => {
    const { error, tensors } = await failure(async () =>
      readLayersModel(await quantized(quantization, dtype, Buffer.alloc(2))),
    );
    expect(error.code).toBe('MODEL_JSON_INVALID');
    expect(error.message).toContain('dense/kernel');
    expect(tensors).toBe(0);
  },
);
