import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { EspalierError } from '@espalier/core';
import { type ReadLimits, readKerasWeights } from '@espalier/models/node';
import h5wasm, { type File } from 'h5wasm';
import { afterAll, beforeAll, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The bytes of an HDF5 file. */
async function hdf5(fill: (file: File) => void): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const file = new h5wasm.File('/made.h5', 'w');
  fill(file);
  file.close();
  return (FS.readFile('/made.h5') as Uint8Array).slice();
}

/** Layers with one kernel each, as Keras writes them. */
const layered =
  (weights: Record<string, Parameters<File['create_dataset']>[0]>) =>
  (file: File): void => {
    file.create_attribute('layer_names', Object.keys(weights));
    for (const [layer, dataset] of Object.entries(weights)) {
      const group = file.create_group(layer);
      group.create_attribute('weight_names', ['kernel:0']);
      group.create_dataset({ ...dataset, name: 'kernel:0' });
    }
  };
const numbers = (data: unknown, more: object = {}): never => ({ name: '', data, ...more }) as never;

let files = 0;
async function read(bytes: Uint8Array, limits?: ReadLimits, ending = '.h5'): Promise<unknown> {
  const path = join(folder, `${files++}${ending}`);
  await writeFile(path, bytes);
  return readKerasWeights(path, limits);
}
const refusal = (reading: Promise<unknown>): Promise<{ code?: string; message?: string }> =>
  reading.then(
    () => ({}),
    (error: { code?: string }) => error,
  );
const ports = (): number => process.getActiveResourcesInfo().filter(name => /port|worker/i.test(name)).length;

it('a file with one changed byte gives its weights or a code, within its time, and leaves no thread', async () => {
  const good = await hdf5(
    layered({ conv: numbers(Float32Array.from({ length: 64 }, (_, i) => i)), fc: numbers(Float32Array.of(1, 2)) }),
  );
  const before = ports();
  let seed = 7;
  for (let round = 0; round < 24; round++) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    const bytes = good.slice();
    // The first bytes are the superblock, and headers of groups follow.
    const at = round < 6 ? 8 + round * 4 : seed % bytes.length;
    bytes[at] = bytes[at]! ^ (1 << (seed % 8));
    const began = Date.now();
    const outcome = await read(bytes, { timeLimit: 5000 }).catch((error: unknown) => error);
    expect(Date.now() - began, `byte ${at}`).toBeLessThan(20_000);
    if (!(outcome instanceof Map)) expect(EspalierError.isInstance(outcome), `byte ${at}: ${outcome}`).toBe(true);
  }
  expect(ports()).toBe(before);
});

it('a file that is not read in time is refused by a code, and the thread ends', async () => {
  const good = await hdf5(layered({ fc: numbers(Float32Array.of(1)) }));
  const before = ports();
  expect(await refusal(read(good, { timeLimit: 1 }))).toMatchObject({ code: 'MODEL_TIME_LIMIT' });
  expect(ports()).toBe(before);
});

it('groups that branch in circles end with a code', async () => {
  const bytes = await hdf5(file => {
    const layers = file.create_group('layers');
    for (const name of ['a', 'b', 'c']) layers.create_group(name);
    for (const name of ['a', 'b', 'c'])
      for (const link of ['x', 'y', 'z']) file.create_hard_link('/', `layers/${name}/${link}`);
  });
  expect(await refusal(read(bytes))).toMatchObject({
    code: expect.stringMatching(/KERAS_FILE_INVALID|MODEL_TIME_LIMIT/),
  });
});

it('a compressed dataset that unpacks to more than the limit is refused by a code, and read with a larger one', async () => {
  const zeros = new Float32Array(2 ** 20);
  const bytes = await hdf5(layered({ fc: numbers(zeros, { shape: [2 ** 20], chunks: [2 ** 20], compression: 9 }) }));
  expect(bytes.length).toBeLessThan(50_000);
  const caught = await refusal(read(bytes, { memoryLimit: 2 ** 20 }));
  expect(caught).toMatchObject({ code: 'MODEL_MEMORY_LIMIT' });
  expect(caught.message).toContain('memoryLimit');
  expect(await read(bytes)).toEqual(new Map([['fc/kernel', { shape: [2 ** 20], values: zeros }]]));
});

/** A zip archive of one deflated file that says how long it is, truly or not. */
function archive(content: Uint8Array, says = content.length): Buffer {
  const name = Buffer.from('model.weights.h5');
  const packed = deflateRawSync(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(says, 18);
  fields.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed]);
  const central = Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, Buffer.alloc(14), name]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\x05\x06'), end]);
}

it('an archive that unpacks to more than its limit is refused by a code, whatever it says of its size', async () => {
  const good = await hdf5(layered({ fc: numbers(Float32Array.of(1)) }));
  expect(await read(archive(good), {}, '.keras')).toBeInstanceOf(Map);
  const bomb = new Uint8Array(2 ** 27);
  expect(await refusal(read(archive(bomb), {}, '.keras'))).toMatchObject({ code: 'MODEL_MEMORY_LIMIT' });
  expect(await refusal(read(archive(bomb, 1000), {}, '.keras'))).toMatchObject({ code: 'KERAS_FILE_INVALID' });
  expect(await refusal(read(archive(good), { memoryLimit: 100 }, '.keras'))).toMatchObject({
    code: 'MODEL_MEMORY_LIMIT',
  });
});

it('integers of every width are read, also those that 32-bit floats do not hold', async () => {
  const bytes = await hdf5(
    layered({
      count: numbers(BigInt64Array.of(-7n, 2n ** 40n)),
      seed: numbers(Uint32Array.of(2 ** 32 - 1)),
      small: numbers(Int8Array.of(-1)),
      fc: numbers(Float32Array.of(0.5)),
    }),
  );
  expect(await read(bytes)).toEqual(
    new Map<string, unknown>([
      ['count/kernel', { shape: [2], values: Float32Array.of(-7, 2 ** 40) }],
      ['seed/kernel', { shape: [1], values: Float64Array.of(2 ** 32 - 1) }],
      ['small/kernel', { shape: [1], values: Float32Array.of(-1) }],
      ['fc/kernel', { shape: [1], values: Float32Array.of(0.5) }],
    ]),
  );
});

it('what cannot be read is named with what it holds', async () => {
  const bytes = await hdf5(layered({ vocabulary: numbers(['one', 'two']) }));
  const caught = await refusal(read(bytes));
  expect(caught).toMatchObject({ code: 'KERAS_TENSOR_UNSUPPORTED' });
  expect(caught.message).toMatch(/"vocabulary\/kernel" holds .*texts/);
});

it('paths and limits of the wrong kind are refused by a code', async () => {
  const call = readKerasWeights as (...given: readonly unknown[]) => Promise<unknown>;
  for (const path of [undefined, null, 3, {}, '']) expect((await refusal(call(path))).code).toBe('INVALID_OPTION');
  for (const options of [
    null,
    3,
    [],
    { timeLimit: '5' },
    { timeLimit: 0 },
    { timeLimit: Number.NaN },
    { memoryLimit: -1 },
    { memoryLimit: null },
  ]) {
    expect((await refusal(call('x.h5', options))).code, JSON.stringify(options)).toBe('INVALID_OPTION');
  }
  expect(await refusal(call('x.h5', { timelimit: 5 }))).toMatchObject({
    code: 'UNKNOWN_OPTION',
    suggestion: 'timeLimit',
  });
  for (const path of [folder, '/dev/zero', join(folder, 'nothing')]) {
    expect((await refusal(call(path))).code, path).toBe('MODEL_FILE_UNREADABLE');
  }
});
