import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useBackend } from '@espalier/backend';
import { fileSystem, installNative } from '@espalier/backend/node';
import { type CompileOptions, compile, graphFromTopology, type Plan, trainingProducts } from '@espalier/runtime';
import * as layers from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const topology = {
  class_name: 'Sequential',
  config: [{ class_name: 'Dense', config: { name: 'head', units: 1, use_bias: false, batch_input_shape: [null, 2] } }],
};
const graph = () =>
  graphFromTopology(topology, new Map([['head/kernel', { shape: [2, 1], values: Float32Array.of(1, 2) }]]));
const layer = { kernelShape: [1, 1, 1, 1], mask: Uint8Array.of(1), inputShape: [1, 1, 1], batch: 1 } as const;

let plan: Plan;
beforeAll(async () => {
  await useBackend('wasm');
  plan = await compile(graph(), { threads: 1 });
});
afterAll(() => plan.dispose());

type Entry = (options: unknown) => unknown;
const any = (value: unknown) => value as never;

/** Every public entry with options, an option that is nearly right, and values that are wrong. */
const entries: readonly [string, Entry, string, string, Readonly<Record<string, readonly unknown[]>>][] = [
  [
    'useBackend',
    options => useBackend('wasm', any(options)),
    'wasm_path',
    'wasmPath',
    {
      wasmPath: [1, null, '', []],
      dawnFlags: ['x', [1], {}, null],
      softwareAdapter: ['yes', 1, null],
    },
  ],
  [
    'fileSystem',
    options => fileSystem('model', any(options)),
    'shard_bytes',
    'shardBytes',
    {
      shardBytes: ['1', 0, 1.5, Number.NaN, null, []],
    },
  ],
  [
    'installNative',
    options => installNative(any(options)),
    'working_directory',
    'workingDirectory',
    {
      gpu: ['yes', 1, null],
      tensorflow: [1, '', null],
      nodePackage: [[], {}],
      workingDirectory: [1],
      env: [[], 'PATH', { PATH: 1 }],
      onProgress: [true, 'log', {}],
    },
  ],
  [
    'compile',
    options => compile(graph(), any(options)),
    'thread',
    'threads',
    {
      threads: ['2', 0, 257, 1.5, Number.NaN, null, [1]],
      engine: ['gpu', 'WASM', null, 1, ['native']],
      instructions: ['avx', 1, null, 'constructor'],
      lanes: ['16', 24, null],
      layout: ['hwc', null, '__proto__'],
      tune: ['yes', {}, null, 1],
    },
  ],
  ['plan.run', options => plan.run(new Float32Array(2), any(options)), 'batchs', 'batch', { layout: ['hwc', null, 1] }],
  [
    'plan.profile',
    options => plan.profile(new Float32Array(2), any(options)),
    'layuot',
    'layout',
    { layout: ['hwc', null] },
  ],
  [
    'trainingProducts',
    options => trainingProducts(layer, any(options)),
    'Threads',
    'threads',
    {
      threads: ['2', 0, null],
      instructions: ['avx'],
      lanes: [1],
      tune: ['yes', new Map()],
    },
  ],
];

describe.each(entries)('%s', (_name, call, misspelled, meant, wrong) => {
  const refusal = async (options: unknown): Promise<unknown> => {
    try {
      await call(options);
    } catch (error) {
      return error;
    }
    return undefined;
  };

  it.each([null, 'wasm', 4, true, [[]]].flat())('refuses options that are no object: %j', async options => {
    expect(await refusal(options)).toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('refuses an option that does not exist and says which was meant', async () => {
    expect(await refusal({ [misspelled]: 1 })).toMatchObject({ code: 'UNKNOWN_OPTION', suggestion: meant });
  });

  it.each(Object.entries(wrong).flatMap(([key, values]) => values.map(value => [key, value] as const)))(
    'refuses %s: %j',
    async (key, value) => {
      expect(await refusal({ [key]: value })).toMatchObject({ code: 'INVALID_OPTION' });
    },
  );
});

describe('undefined', () => {
  it('means the default', async () => {
    await useBackend('wasm', { wasmPath: undefined, dawnFlags: undefined, softwareAdapter: undefined } as never);
    const undecided = { threads: undefined, instructions: undefined, lanes: undefined, tune: undefined };
    const other = await compile(graph(), { ...undecided, layout: undefined } as unknown as CompileOptions);
    expect([...(await other.run(Float32Array.of(3, 4), { batch: undefined, layout: undefined } as never))]).toEqual([
      11,
    ]);
    await other.dispose();
    await (await trainingProducts(layer, undecided as never)).dispose();
  });
});

describe('names', () => {
  it.each(['constructor', '__proto__', 'toString', '', 'WASM', 4, null, {}])('%j is no backend', async name => {
    await expect(useBackend(name as never)).rejects.toMatchObject({ code: 'UNKNOWN_BACKEND' });
  });
});

describe('hostile sizes', () => {
  it.each([1e9, 2 ** 53, Number.NaN, Infinity, -1, 0, 1.5, '2', null])(
    'a batch of %j is refused at once and allocates nothing',
    async batch => {
      const before = process.memoryUsage().arrayBuffers;
      await expect(plan.run(new Float32Array(2), { batch } as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
      await expect(trainingProducts({ ...layer, batch } as never)).rejects.toMatchObject({
        code: 'INVALID_TRAINING_LAYER',
      });
    },
  );

  it.each([[new Float32Array(3)], [new Float64Array(2)], [[1, 2]], [undefined], [null], ['ab'], [new Float32Array(0)]])(
    'an input that is not two floats is refused: %j',
    async input => {
      await expect(plan.run(input as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    },
  );

  it.each([[undefined], [null], [1], ['graph'], [{}], [[]], [new Float32Array(2)]])(
    '%j is nothing to compile',
    async source => {
      await expect(compile(source as never)).rejects.toHaveProperty('code');
    },
  );

  it('a layer with an unknown field, or none, is refused', async () => {
    await expect(trainingProducts({ ...layer, stride: 2 } as never)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
    await expect(trainingProducts(null as never)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('files that the system refuses', () => {
  it('have a code', async () => {
    const model = layers.sequential({ layers: [layers.layers.dense({ units: 1, inputShape: [1] })] });
    const directory = await mkdtemp(join(tmpdir(), 'espalier-'));
    await model.save(fileSystem(directory));
    const inFile = fileSystem(join(directory, 'model.json', 'below'));
    await expect(model.save(inFile)).rejects.toMatchObject({ code: 'FILE_ACCESS' });
    await expect(layers.loadLayersModel(inFile)).rejects.toHaveProperty('code');
    model.dispose();
  });
});
