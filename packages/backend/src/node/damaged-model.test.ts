import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileSystem, ModelFileError } from './index.js';

const weightSpecs = [
  { name: 'a', shape: [2, 3], dtype: 'float32' as const },
  { name: 'b', shape: [5], dtype: 'int32' as const },
];
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-damaged-'));
  // 6 * 4 + 5 * 4 = 44 bytes in files of 20, 20 and 4
  await fileSystem(directory, { shardBytes: 20 }).save!({
    modelTopology: { a: 1 },
    weightSpecs,
    weightData: new ArrayBuffer(44),
  });
});

afterEach(() => rm(directory, { recursive: true }));

const load = (): Promise<unknown> => fileSystem(directory).load!();
const shard = async (index: number): Promise<string> =>
  join(directory, (await readdir(directory)).find(name => name.includes(`shard${index}of3`))!);

async function editJson(
  edit: (json: { weightsManifest: { paths: string[]; weights: Record<string, unknown>[] }[] }) => void,
): Promise<void> {
  const path = join(directory, 'model.json');
  const json = JSON.parse(await readFile(path, 'utf8'));
  edit(json);
  await writeFile(path, JSON.stringify(json));
}

describe('a damaged model', () => {
  it('is refused when a file is cut short', async () => {
    await truncate(await shard(3), 3);
    await expect(load()).rejects.toMatchObject({
      code: 'MODEL_WEIGHTS_SIZE',
      message: expect.stringContaining('hold 43 bytes where the weights need 44'),
    });
  });

  it('is refused when a file is too long, without reading it', async () => {
    await truncate(await shard(2), 2 ** 40);
    await expect(load()).rejects.toMatchObject({
      code: 'MODEL_WEIGHTS_SIZE',
      message: expect.stringContaining('1099511627776 bytes'),
    });
  });

  it('is refused when a file is missing', async () => {
    const path = await shard(2);
    await rm(path);
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND', path });
  });

  it('is refused when model.json is cut short or no object', async () => {
    for (const text of ['', '{"modelTopology":', '[]', 'null', '{}', '{"modelTopology":3}', '{"modelTopology":{}}']) {
      await writeFile(join(directory, 'model.json'), text);
      await expect(load()).rejects.toMatchObject({ code: 'MODEL_MALFORMED' });
    }
  });

  it.each([
    '../secret.bin',
    '/etc/passwd',
    'a/../../b',
    'C:\\x',
    '..\\x',
    '\\\\server\\x',
    'file:///etc/passwd',
    'a\0b',
    '',
  ])('is refused when it names the weight file %j', async path => {
    await editJson(({ weightsManifest: [group] }) => group!.paths.splice(0, 1, path));
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_PATH_UNSAFE' });
  });

  it.each([
    ['shape', [-1]],
    ['shape', [1.5]],
    ['shape', [2 ** 40, 2 ** 40]],
    ['shape', 'six'],
    ['dtype', 'float64'],
    ['dtype', 'constructor'],
    ['name', 7],
    ['name', 'b'],
    ['quantization', { dtype: 'float32' }],
    ['quantization', null],
  ])('is refused when the %s of a weight is %j', async (field, value) => {
    await editJson(({ weightsManifest: [group] }) => {
      group!.weights[0]![field] = value;
    });
    await expect(load()).rejects.toMatchObject({ code: 'MODEL_MALFORMED' });
  });

  it('is either loaded with the right number of bytes or refused with a code, whatever bytes of model.json change', async () => {
    const path = join(directory, 'model.json');
    const original = await readFile(path);
    const change = fc.record({
      at: fc.nat(original.length - 1),
      byte: fc.integer({ min: 0, max: 255 }),
      drop: fc.nat(3),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async changes => {
        let bytes = Buffer.from(original);
        for (const { at, byte, drop } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(byte), bytes.subarray(at + drop)]);
        await writeFile(path, bytes);
        const outcome = await fileSystem(directory).load!().catch((error: unknown) => error);
        if (outcome instanceof ModelFileError) return;
        expect(outcome).not.toBeInstanceOf(Error);
        const { weightData } = outcome as { weightData: ArrayBuffer[] };
        expect([weightData].flat().reduce((sum, { byteLength }) => sum + byteLength, 0)).toBe(44);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a model that cannot be saved', () => {
  it.each([
    ['has a binary topology', { modelTopology: new ArrayBuffer(8) }],
    ['has fewer bytes than its weights need', { modelTopology: {}, weightSpecs, weightData: new ArrayBuffer(40) }],
    ['has metadata that is no JSON', { modelTopology: {}, userDefinedMetadata: { count: 1n as unknown as object } }],
  ])('is refused when it %s, and the old one stays', async (_, artifacts) => {
    const before = await readdir(directory);
    await expect(fileSystem(directory).save!(artifacts)).rejects.toMatchObject({ code: 'MODEL_NOT_SAVEABLE' });
    expect(await readdir(directory)).toEqual(before);
    await load();
  });
});
