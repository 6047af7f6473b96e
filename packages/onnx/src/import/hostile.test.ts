import '@tensorflow/tfjs-backend-cpu';
import { readFileSync } from 'node:fs';
import { EspalierError } from '@espalier/core';
import { guardTensors } from '@espalier/core/testing';
import * as tfc from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { fields } from '../format/fields.js';
import { MessageWriter } from '../format/message-writer.js';
import { readOnnx } from './read-onnx.js';

beforeAll(() => tfc.setBackend('cpu'));
guardTensors({ beforeEach, afterEach });

const sound = new Uint8Array(readFileSync(new URL('../../test/fixtures/view-head-unfolded.onnx', import.meta.url)));

/** The code with which a file is refused, or nothing if it is read. */
async function refusal(bytes: Uint8Array): Promise<string | undefined> {
  try {
    (await readOnnx(bytes)).model.dispose();
    return undefined;
  } catch (error) {
    if (EspalierError.isInstance(error)) return error.code;
    throw error;
  }
}

it('bytes that were changed give a network or an error with a code, and no tensor stays', async () => {
  const change = fc.record({ at: fc.nat(sound.length - 1), to: fc.nat(255) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
      const bytes = sound.slice();
      for (const { at, to } of changes) bytes[at] = to;
      const before = tfc.memory().numTensors;
      await refusal(bytes);
      expect(tfc.memory().numTensors).toBe(before);
    }),
    { numRuns: 150 },
  );
});

it('a file that was cut off is refused wherever that was', async () => {
  for (let length = 0; length < sound.length; length += 61)
    expect(await refusal(sound.subarray(0, length)), `${length} bytes`).toMatch(/^ONNX_/);
});

it.each([
  ['text', new TextEncoder().encode('{"modelTopology": {}}')],
  ['zeros', new Uint8Array(1000)],
  ['nothing', new Uint8Array(0)],
])('%s is no ONNX file', async (_, bytes) => {
  expect(await refusal(bytes)).toBe('ONNX_FILE_INVALID');
});

it('a small file of very many empty nodes is refused before they are made', async () => {
  const graph = Uint8Array.from({ length: 1_200_000 }, (_, i) => (i % 2 === 0 ? 0x0a : 0)); // field 1 of no bytes
  expect(await refusal(new MessageWriter().bytes(fields.model.graph, graph).join())).toBe('ONNX_FILE_LIMIT');
});

it('a tensor that claims more than the file has is refused before memory is taken', async () => {
  const tensor = new MessageWriter()
    .integer(1, 2 ** 15)
    .integer(1, 2 ** 15)
    .integer(2, 1)
    .text(8, 'w')
    .bytes(9, new Uint8Array(16));
  const shape = new MessageWriter()
    .message(1, new MessageWriter().integer(1, 1))
    .message(1, new MessageWriter().integer(1, 2 ** 15));
  const input = new MessageWriter()
    .text(1, 'x')
    .message(2, new MessageWriter().message(1, new MessageWriter().integer(1, 1).message(2, shape)));
  const node = new MessageWriter().text(1, 'x').text(1, 'w').text(2, 'y').text(4, 'MatMul');
  const graph = new MessageWriter()
    .message(fields.graph.nodes, node)
    .message(fields.graph.initializers, tensor)
    .message(fields.graph.inputs, input)
    .message(fields.graph.outputs, new MessageWriter().text(1, 'y'));
  const opset = new MessageWriter().integer(fields.opset.version, 17);
  const bytes = new MessageWriter().message(fields.model.graph, graph).message(fields.model.opsets, opset).join();
  await expect(readOnnx(bytes)).rejects.toThrow(/"w" has 16 bytes, but its shape needs 4294967296/);
});

it('what is no file at all is refused', async () => {
  for (const bytes of [undefined, null, 'model.onnx', [], {}])
    await expect(readOnnx(bytes as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});
