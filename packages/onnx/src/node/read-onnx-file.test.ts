import '@tensorflow/tfjs-backend-cpu';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guardTensors } from '@espalier/core/testing';
import * as tfc from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { fields } from '../format/fields.js';
import { MessageWriter } from '../format/message-writer.js';
import { readOnnxFile } from './index.js';

let folder: string;
beforeAll(async () => {
  await tfc.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-onnx-'));
});
afterAll(() => rm(folder, { recursive: true }));
guardTensors({ beforeEach, afterEach });

const entry = (key: string, value: string): MessageWriter => new MessageWriter().text(1, key).text(2, value);

/** `y = x · w`, with `w` of 2 x 1 in another file, from byte 4 on. */
function network(location: string, length = 8): Uint8Array {
  const tensor = new MessageWriter().integer(1, 2).integer(1, 1).integer(2, 1).text(8, 'w').integer(14, 1);
  for (const [key, value] of Object.entries({ location, offset: '4', length: String(length) }))
    tensor.message(13, entry(key, value));
  const shape = [1, 2].reduce(
    (writer, side) => writer.message(1, new MessageWriter().integer(1, side)),
    new MessageWriter(),
  );
  const type = new MessageWriter().message(1, new MessageWriter().integer(1, 1).message(2, shape));
  const node = new MessageWriter().text(1, 'x').text(1, 'w').text(2, 'y').text(4, 'MatMul');
  const graph = new MessageWriter()
    .message(fields.graph.nodes, node)
    .message(fields.graph.initializers, tensor)
    .message(fields.graph.inputs, new MessageWriter().text(1, 'x').message(2, type))
    .message(fields.graph.outputs, new MessageWriter().text(1, 'y'));
  const opset = new MessageWriter().integer(fields.opset.version, 17);
  return new MessageWriter().message(fields.model.graph, graph).message(fields.model.opsets, opset).join();
}

async function read(bytes: Uint8Array): Promise<number[]> {
  const path = join(folder, 'net.onnx');
  await writeFile(path, bytes);
  const { model } = await readOnnxFile(path);
  const y = tfc.tidy(() => (model.predict(tfc.tensor([[10, 100]])) as tfc.Tensor).dataSync());
  model.dispose();
  return [...y];
}

it('weights in a file beside the network are read from where they lie', async () => {
  await writeFile(join(folder, 'net.onnx.data'), new Uint8Array(Float32Array.of(9, 2, 3).buffer));
  expect(await read(network('net.onnx.data'))).toEqual([320]); // 10 · 2 + 100 · 3
});

it.each(['../net.onnx.data', '/etc/passwd', 'a\\b', '.', ''])('weights in %j are refused', async location => {
  await expect(read(network(location))).rejects.toMatchObject({ code: 'ONNX_EXTERNAL_DATA' });
});

it('a file of weights that is too short, or not there, is refused', async () => {
  await writeFile(join(folder, 'short.data'), new Uint8Array(8));
  await expect(read(network('short.data'))).rejects.toMatchObject({ code: 'ONNX_EXTERNAL_DATA' });
  await expect(read(network('short.data', 4))).rejects.toMatchObject({ code: 'ONNX_EXTERNAL_DATA' });
  await expect(read(network('absent.data'))).rejects.toMatchObject({ code: 'FILE_ACCESS' });
  await expect(readOnnxFile(folder)).rejects.toHaveProperty('code');
});

it.skipIf(process.platform === 'win32')(
  'a pipe that nobody writes to is refused, in the place of weights too',
  async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.data')]);
    const refused = { code: 'FILE_ACCESS', message: expect.stringContaining('Name a regular file') };
    await expect(readOnnxFile(join(folder, 'pipe.data'))).rejects.toMatchObject(refused);
    await expect(read(network('pipe.data'))).rejects.toMatchObject(refused);
  },
);
