import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { toModel } from '@espalier/core/tfjs';
import { loadTorchWeights, modelByName } from '@espalier/models';
import { openNetwork } from '../../src/network/open-network.js';
import { channelsLast, type FormatRow, fixture, type Judged, parsed } from './format-row.js';
import { fill, sizeOf, uniform } from './golden-weights.js';
import { logitsOf } from './read-back.js';

/** The network of `packages/models/test/keras/make.py`, without its weights. */
const branched = `export default ({ layers: { input, model, layers } }) => {
  const image = input({ shape: [6, 6, 2], name: 'image' });
  let x = layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', name: 'conv' }).apply(image);
  x = layers.batchNormalization({ epsilon: 1e-3, name: 'norm' }).apply(x);
  x = layers.reLU({ maxValue: 6, name: 'relu' }).apply(x);
  const y = layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', useBias: false, name: 'depthwise' }).apply(x);
  x = layers.flatten({ name: 'flatten' }).apply(layers.add({ name: 'sum' }).apply([x, y]));
  return model({ inputs: image, outputs: layers.dense({ units: 3, name: 'head' }).apply(x) });
};`;

/** A network whose weights follow from its seeds. */
const seeded = `export default ({ layers: { sequential, layers, initializers } }) => {
  const kernelInitializer = initializers.glorotUniform({ seed: 3 });
  return sequential({ layers: [
    layers.conv2d({ inputShape: [6, 8, 3], filters: 4, kernelSize: 3, activation: 'relu', kernelInitializer, name: 'conv' }),
    layers.globalAveragePooling2d({}),
    layers.dense({ units: 3, kernelInitializer, name: 'head' }),
  ] });
};`;

async function module(folder: string, name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** What Keras makes of two images. */
const byKeras = async (): Promise<Judged> => {
  const { image, output } = parsed<{ readonly image: number[]; readonly output: number[] }>(
    'models/test/keras/golden.json',
  );
  return { shape: [2, 6, 6, 2], input: Float32Array.from(image), logits: output };
};
const keras = (file: string): string => fixture(`models/test/keras/${file}`);

interface Torch {
  readonly image: readonly number[];
  readonly gain: number;
  readonly tensors: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly (readonly number[])[];
}
const resnet20 = (): Torch =>
  parsed<{ readonly nets: { readonly resnet20: Torch } }>('models/test/golden/logits.json').nets.resnet20;

/** What the built-in network gives with these weights. */
async function filled(): Promise<Judged> {
  const { tensors, gain } = resnet20();
  const model = modelByName('resnet20', {});
  loadTorchWeights(model, new Map(Object.entries(tensors).map(([name, shape]) => [name, fill(name, shape, gain)])));
  const shape = [2, 32, 32, 3];
  const input = Float32Array.from(uniform('image', sizeOf(shape)));
  const logits = await logitsOf(model, shape, input);
  model.dispose();
  return { shape, input, logits };
}

/** What the network of the module gives in TensorFlow.js, by layers alone. */
async function byLayers(): Promise<Judged> {
  const input = Float32Array.from(uniform('image', 2 * 6 * 8 * 3));
  const layers = await import('@tensorflow/tfjs-layers');
  const { default: make } = (await import(`data:text/javascript,${encodeURIComponent(seeded)}`)) as {
    default: (given: object) => import('@tensorflow/tfjs-layers').LayersModel;
  };
  const model = make({ layers });
  const logits = await logitsOf(model, [2, 6, 8, 3], input);
  model.dispose();
  return { shape: [2, 6, 8, 3], input, logits };
}

interface Stored {
  readonly shape: number[];
  readonly values: string;
}
const floats = ({ values }: Stored): Float32Array =>
  new Float32Array(new Uint8Array(Buffer.from(values, 'base64')).buffer);

/** The formats that networks are read from. */
export const readRows: readonly FormatRow[] = [
  {
    format: 'Espalier checkpoint',
    options: async folder => {
      const checkpoint = await openNetwork(await module(folder, 'own.mjs', seeded));
      (await toModel(checkpoint)).dispose();
      await writeCheckpoint(join(folder, 'own.safetensors'), checkpoint);
      return { model: join(folder, 'own.safetensors') };
    },
    said: 'TensorFlow.js',
    judged: byLayers,
    written: 'checkpoint',
  },
  {
    format: 'TensorFlow.js layers model, `model.json`',
    options: async () => ({ model: keras('keras3-tfjs/model.json') }),
    said: 'Keras',
    judged: byKeras,
    written: 'tfjs',
  },
  {
    format: 'Keras 2 and 3, `.h5`',
    options: async () => ({ model: keras('keras3.h5') }),
    said: 'Keras',
    judged: byKeras,
    written: 'none',
  },
  {
    format: 'Keras 3, `.keras`',
    options: async () => ({ model: keras('keras3.keras') }),
    said: 'Keras',
    judged: byKeras,
    written: 'none',
  },
  {
    format: 'Keras, weights alone, with `--model`',
    options: async folder => ({
      model: await module(folder, 'branched.mjs', branched),
      weights: keras('keras2-weights.h5'),
    }),
    said: 'Keras',
    judged: byKeras,
    written: 'keras-weights',
  },
  {
    format: 'PyTorch, timm: safetensors, with `--model`',
    options: async folder => {
      const { tensors, gain } = resnet20();
      const entries = Object.entries(tensors).map(([name, shape]) => {
        const { values } = fill(name, shape, gain);
        const bytes = new Uint8Array(values.buffer);
        return [name, { dtype: 'F32' as const, shape: [...shape], bytes }] as const;
      });
      await writeFile(join(folder, 'torch.safetensors'), writeSafetensors(new Map(entries)));
      return { model: 'resnet20', weights: join(folder, 'torch.safetensors') };
    },
    said: 'PyTorch',
    judged: filled,
    elsewhere: async () => {
      const { image, logits } = resnet20();
      const values = Float32Array.from(uniform('image', sizeOf(image)), value => 2 * value);
      return { ...channelsLast(values, image), logits: logits.flat() };
    },
    written: 'safetensors',
  },
  {
    format: 'ONNX',
    options: async () => ({ model: fixture('onnx/test/fixtures/resnet-script.onnx') }),
    said: 'PyTorch',
    judged: async () => {
      const { input, outputs } = parsed<{ readonly input: Stored; readonly outputs: readonly Stored[] }>(
        'onnx/test/fixtures/resnet.json',
      );
      return { ...channelsLast(floats(input), input.shape), logits: outputs.flatMap(output => [...floats(output)]) };
    },
    written: 'onnx',
  },
  {
    format: 'JavaScript module',
    options: async folder => ({ model: await module(folder, 'seeded.mjs', seeded) }),
    said: 'TensorFlow.js',
    judged: byLayers,
    written: 'none',
  },
];
