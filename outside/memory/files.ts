import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { fixed, writeSafetensors } from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { disposeOptimizer, modelWeights, PruningSession } from '@espalier/core/tfjs';
import { kerasWeightsFile } from '@espalier/models/node';
import { exportOnnx } from '@espalier/onnx';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { File, ready } from 'h5wasm';

/** So many convolutions of 3x3 on so many channels; of 512 they take 9 MiB each, as the largest of ResNet-50. */
export function network(convolutions: number, channels: number): LayersModel {
  const model = sequential();
  for (let i = 0; i < convolutions; i++) {
    const zeros = { kernelInitializer: 'zeros', biasInitializer: 'zeros', padding: 'same' } as const;
    const shape = i === 0 ? { inputShape: [4, 4, channels] } : {};
    model.add(layers.conv2d({ name: `conv_${i}`, filters: channels, kernelSize: 3, ...zeros, ...shape }));
  }
  for (const [index, weight] of model.weights.entries()) {
    const values = tf.randomUniform(weight.shape as number[], -1, 1, 'float32', index + 1);
    weight.write(values);
    values.dispose();
  }
  return model;
}

type Writer = (folder: string, model: LayersModel) => Promise<string>;

const written = async (folder: string, name: string, bytes: Uint8Array | string): Promise<string> => {
  await writeFile(join(folder, name), bytes);
  return join(folder, name);
};

async function weightsOf(model: LayersModel): Promise<[name: string, shape: number[], values: Float32Array][]> {
  return Promise.all(
    model.weights.map(async weight => {
      return [weight.originalName, weight.shape as number[], (await weight.read().data()) as Float32Array] as const;
    }),
  ) as Promise<[string, number[], Float32Array][]>;
}

const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** What `model.save` of TensorFlow.js writes, in shards of 4 MiB as its converter does. */
const layersModel: Writer = async (folder, model) => {
  const all = Buffer.concat((await weightsOf(model)).map(([, , values]) => bytesOf(values)));
  const paths: string[] = [];
  for (let start = 0; start < all.length; start += 2 ** 22) {
    paths.push(`shard${paths.length}.bin`);
    await writeFile(join(folder, paths.at(-1) ?? ''), all.subarray(start, start + 2 ** 22));
  }
  const weights = model.weights.map(({ originalName: name, shape }) => ({ name, shape, dtype: 'float32' }));
  const modelTopology = model.toJSON(null, false);
  return written(folder, 'model.json', JSON.stringify({ modelTopology, weightsManifest: [{ paths, weights }] }));
};

/** What Keras 3 writes: a zip archive, of which nothing is compressed, with numbered weights. */
const archive: Writer = async (folder, model) => {
  const { FS } = await ready;
  const file = new File('/archive.h5', 'w');
  const top = file.create_group('layers');
  for (const layer of model.layers) {
    const vars = top.create_group(layer.name).create_group('vars');
    vars.create_attribute('name', layer.name);
    for (const [index, weight] of layer.weights.entries()) {
      const data = Float32Array.from(await weight.read().data());
      vars.create_dataset({ name: `${index}`, data, shape: weight.shape as number[], dtype: '<f' });
    }
  }
  file.close();
  const config = Buffer.from(JSON.stringify(model.toJSON(null, false)));
  const content = { 'config.json': config, 'model.weights.h5': Buffer.from(FS.readFile('/archive.h5') as Uint8Array) };
  FS.unlink('/archive.h5');
  return written(folder, 'model.keras', zipped(content));
};

/** A zip archive without compression. */
function zipped(files: Readonly<Record<string, Buffer>>): Buffer {
  const [entries, list]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    entries.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), content);
    list.push(Buffer.from('PK\x01\x02\x14\x00'), common, place, Buffer.from(name));
    offset += 30 + name.length + content.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  for (const place of [8, 10]) end.writeUInt16LE(Object.keys(files).length, place);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...entries, directory, end]);
}

const checkpoint: Writer = async (folder, model) => {
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights: modelWeights(model), optimizer });
  await writeCheckpoint(join(folder, 'own.safetensors'), await session.checkpoint({ model, slots: false }));
  session.dispose();
  disposeOptimizer(optimizer);
  return join(folder, 'own.safetensors');
};

const safetensors: Writer = async (folder, model) => {
  const tensors = (await weightsOf(model)).map(([name, shape, values]) => {
    return [name, { dtype: 'F32' as const, shape, bytes: bytesOf(values) }] as const;
  });
  return written(folder, 'torch.safetensors', writeSafetensors(new Map(tensors)));
};

/** Writers by the kind that `read.mjs` reads. */
export const writers: Readonly<Record<string, Writer>> = {
  checkpoint,
  'layers-model': layersModel,
  safetensors,
  onnx: async (folder, model) => written(folder, 'model.onnx', await exportOnnx(model)),
  keras: async (folder, model) => written(folder, 'weights.h5', await kerasWeightsFile(model)),
  'keras-archive': archive,
};
