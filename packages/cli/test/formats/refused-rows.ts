import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSafetensors } from '@espalier/core';
import { fixture, type RefusedRow } from './format-row.js';

const file =
  (name: string, content: string | Uint8Array): RefusedRow['make'] =>
  async folder => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };

const graph = JSON.stringify({ format: 'graph-model', modelTopology: { node: [] }, weightsManifest: [] });
const weights = writeSafetensors(new Map([['fc.weight', { dtype: 'F32', shape: [1], bytes: new Uint8Array(4) }]]));
/** The first file of a zip, empty and stored, as the formats begin that are one. */
const zipOf = (name: string): Uint8Array => {
  const local = Buffer.alloc(30);
  local.write('PK\u0003\u0004', 'latin1');
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.write('PK\u0001\u0002', 'latin1');
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(46 + name.length, 12);
  end.writeUInt32LE(30 + name.length, 16);
  return Buffer.concat([local, Buffer.from(name), central, Buffer.from(name), end]);
};

/** What is no network, or not one by itself. */
export const refusedRows: readonly RefusedRow[] = [
  {
    format: 'safetensors of others, alone',
    make: file('alone.safetensors', weights),
    code: 'WEIGHTS_WITHOUT_NETWORK',
    remedy: 'name the architecture with `--model`',
    told: '--model',
  },
  {
    format: 'Keras, weights alone',
    make: async () => fixture('models/test/keras/keras3.weights.h5'),
    code: 'KERAS_FILE_WITHOUT_TOPOLOGY',
    remedy: 'save the whole model, or name the architecture with `--model`',
    told: 'Save the whole model',
  },
  {
    format: 'TensorFlow.js graph model',
    make: file('graph.json', graph),
    code: 'MODEL_IS_A_GRAPH',
    remedy: 'convert the Keras model to a layers model',
    told: '--output_format tfjs_layers_model',
  },
  {
    format: 'TensorFlow SavedModel',
    make: async folder => {
      await mkdir(join(folder, 'saved'));
      await writeFile(join(folder, 'saved', 'saved_model.pb'), 'x');
      return join(folder, 'saved');
    },
    code: 'NO_CHECKPOINT',
    remedy: 'save it as `.keras`',
    told: '.h5 or .keras file',
  },
  {
    format: 'PyTorch `.pt`, `.pth`',
    make: file('net.pth', zipOf('archive/data.pkl')),
    code: 'CORRUPT_CHECKPOINT',
    remedy: 'save its state dict as safetensors',
    told: 'safetensors.torch.save_file',
  },
  {
    format: 'TensorFlow Lite',
    make: file('net.tflite', Buffer.from('\u001c\0\0\0TFL3aaaaaaaaaaaaaaaa', 'latin1')),
    code: 'CORRUPT_CHECKPOINT',
    remedy: 'take the network that it was made of',
    told: 'It is a TensorFlow Lite model',
  },
  {
    format: 'NumPy `.npy`, `.npz`',
    make: file('net.npz', zipOf('arr_0.npy')),
    code: 'CORRUPT_CHECKPOINT',
    remedy: 'save its arrays as safetensors',
    told: 'It is a NumPy archive',
  },
];
