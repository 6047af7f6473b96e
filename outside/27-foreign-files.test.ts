import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { decodeCheckpoint, readSafetensors } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { readKerasWeights, readLayersModel } from '@espalier/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Number 27: a file of another format is told what it is and what reads it. */
const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(1000)]);
const files: readonly (readonly [string, Buffer, RegExp])[] = [
  ['net.h5', pad(Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')), /HDF5.*readKerasWeights/],
  ['net.keras', pad(Buffer.from(`PK\x03\x04${'\0'.repeat(26)}metadata.json`)), /Keras/],
  ['net.pt', pad(Buffer.from(`PK\x03\x04${'\0'.repeat(26)}archive/data.pkl`)), /PyTorch.*save_file/],
  ['net.pkl', pad(Buffer.from([0x80, 2, 0x7d, 0x71])), /pickle/],
  ['net.safetensors.gz', gzipSync(Buffer.alloc(1000)), /gzip/],
  ['net.png', pad(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')), /PNG/],
  ['model.json', Buffer.from('{"modelTopology": {}, "weightsManifest": []}'), /readLayersModel/],
  ['result.json', Buffer.from('{"accuracy": 1}\n'), /JSON/],
  ['net.gguf', pad(Buffer.from('GGUF\x03\0\0\0')), /GGUF/],
  ['net.onnx', pad(Buffer.from([8, 8, 0x12, 7, 112, 121])), /ONNX/],
  ['README.md', Buffer.from('# Espalier\n\nPrunes networks.\n'), /plain text/],
  ['notes.txt', Buffer.from(`größer ${'ä'.repeat(5000)}`), /plain text/],
  [
    'saved_model.pb',
    pad(Buffer.from([8, 1, 0x12, 0xd8, 0xbd, 2, 0x0a, 0x10, 0x2a, 0])),
    /SavedModel.*readKerasWeights/,
  ],
  ['net.tflite', pad(Buffer.from('\x1c\0\0\0TFL3', 'latin1')), /TensorFlow Lite/],
  ['net.html', Buffer.from('<html><body>404 Not Found</body></html>'), /web page/],
];
let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
});
afterAll(() => rm(directory, { recursive: true }));

it.each(files)('%s', async (name, bytes, message) => {
  const path = join(directory, name);
  await writeFile(path, bytes);
  for (const read of [() => readSafetensors(bytes), () => decodeCheckpoint(bytes), () => readCheckpoint(path)]) {
    const error: unknown = await (async () => read())().catch((refused: unknown) => refused);
    expect(error).toMatchObject({ code: 'CORRUPT_CHECKPOINT', message: expect.stringMatching(message) });
    expect((error as Error).message).not.toMatch(/header claims/);
  }
});

it.each(files.filter(([name]) => !/(json|md|txt)$/.test(name)))(
  '%s as model.json or weights of Keras',
  async (name, bytes, message) => {
    const path = join(directory, name);
    await writeFile(path, bytes);
    await expect(readLayersModel(path)).rejects.toMatchObject({
      code: 'MODEL_JSON_INVALID',
      message: expect.stringMatching(message),
    });
    if (/\.(h5|keras|pt)$/.test(name)) return; // HDF5, and zip archives, whose contents are looked at
    await expect(readKerasWeights(path)).rejects.toMatchObject({
      code: 'KERAS_FILE_INVALID',
      message: expect.stringMatching(message),
    });
  },
);

it('names the file that is wanted where a directory is given', async () => {
  for (const read of [readLayersModel, readKerasWeights])
    await expect(read(directory)).rejects.toMatchObject({
      code: 'MODEL_FILE_UNREADABLE',
      message: expect.stringMatching(/directory \(EISDIR\)\. Give the file in it/),
    });
});

const data = join(process.env.ESPALIER_DATA ?? 'absent', 'real-networks');
describe.skipIf(!existsSync(data))('real files', () => {
  const found = existsSync(data) ? (readdirSync(data, { recursive: true }) as string[]) : [];
  const known = found
    .filter(name => /\.(h5|hdf5|keras|pt|pth|onnx|zip|gz|png|jpg|npz)$|model\.json$/.test(name))
    .filter(name => statSync(join(data, name)).size < 50e6);
  it.each(known)('%s', async name => {
    const bytes = await readFile(join(data, name));
    expect(() => readSafetensors(bytes)).toThrow(/It is an? /);
  });
});
