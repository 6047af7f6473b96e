import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, countOnes, EspalierError } from '@espalier/core';
import { readCheckpoint } from '@espalier/core/node';
import { toModel } from '@espalier/core/tfjs';
import { compile } from '@espalier/runtime';
import * as tf from '@tensorflow/tfjs-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runBench } from '../../src/commands/bench.js';
import { runExport } from '../../src/commands/export.js';
import { runInspect } from '../../src/commands/inspect.js';
import { runPredict } from '../../src/commands/predict.js';
import { runTraining } from '../../src/commands/run.js';
import { exportFormats } from '../../src/export/definitions.js';
import { openNetwork } from '../../src/network/open-network.js';
import type { ParsedOptions } from '../../src/options/read.js';
import type { Outcome } from '../../src/output/outcome.js';
import type { SpeedReport } from '../../src/speed/report.js';
import { withImageSize } from '../../src/transfer/image-size.js';
import type { Judged } from './format-row.js';
import { formatTable } from './format-table.js';
import { distance, logitsOf, readBack } from './read-back.js';
import { readRows } from './read-rows.js';
import { refusedRows } from './refused-rows.js';

const tolerance = 1e-4;
let root = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  root = mkdtempSync(join(tmpdir(), 'espalier-formats-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const given = (options: object): ParsedOptions => ({ _: [], backend: 'cpu', ...options }) as unknown as ParsedOptions;
const json = async <Result>(outcome: Promise<Outcome>): Promise<Result> => (await outcome).json as Result;
const refusal = (work: Promise<unknown>): Promise<Partial<EspalierError>> =>
  work.then(
    () => ({}),
    (error: unknown) => (EspalierError.isInstance(error) ? error : { message: String(error) }),
  );
/** Logits of a checkpoint's network. */
async function logitsOfCheckpoint(checkpoint: Checkpoint, { shape, input }: Judged): Promise<number[]> {
  const model = await toModel(checkpoint);
  try {
    return await logitsOf(model, shape, input);
  } finally {
    model.dispose();
  }
}

describe.each(readRows)('$format', row => {
  let [options, judged]: [{ model: string; weights?: string }, Judged] = [{ model: '' }, {} as Judged];
  let [folder, out, before]: [string, string, number] = ['', '', 0];
  let [read, pruned]: [Checkpoint, Checkpoint] = [{} as Checkpoint, {} as Checkpoint];

  beforeAll(async () => {
    folder = mkdtempSync(join(root, 'row-'));
    out = join(folder, 'run');
    before = tf.memory().numTensors;
    [options, judged] = [await row.options(folder), await row.judged()];
    read = await openNetwork(options.model, options);
    const asked = { ...options, method: 'one-shot', steps: '0', sparsity: '0.7', out };
    await runTraining('prune', given(asked));
    pruned = await readCheckpoint(join(out, 'model.safetensors'));
  });

  it('read: it gives what its own program gives, and inspect knows its weights', async () => {
    expect(distance(judged.logits, await logitsOfCheckpoint(read, judged))).toBeLessThan(tolerance);
    const other = await row.elsewhere?.();
    if (other) {
      const [, height = 0, width = 0] = other.shape;
      const sized = await withImageSize(read, [height, width]);
      expect(distance(other.logits, await logitsOfCheckpoint(sized, other))).toBeLessThan(tolerance);
    }
    const report = await json<{ readonly weights: { readonly all: number } }>(
      runInspect(given({ ...options, measure: false })),
    );
    expect(JSON.stringify(report)).toContain([...read.weights.keys()][0]);
  });

  it('prune: 70 % of the prunable weights are 0, and the others are those that were read', () => {
    let [kept, all] = [0, 0];
    for (const [name, mask] of pruned.masks) {
      const [now, then] = [pruned.weights.get(name)?.values ?? [], read.weights.get(name)?.values ?? []];
      expect(now.length).toBe(mask.length);
      expect(
        Array.from(now).every((value, i) => Object.is(Math.abs(value), mask[i] ? Math.abs(then[i] ?? NaN) : 0)),
      ).toBe(true);
      [kept, all] = [kept + countOnes(mask), all + mask.length];
    }
    expect(all).toBeGreaterThan(50);
    expect(kept).toBe(Math.round(0.3 * all));
  });

  it('save: what was written gives the same as the network with these weights, and is read again', async () => {
    const again = await openNetwork(join(out, 'model.safetensors'));
    expect([again.masks, again.weights]).toEqual([pruned.masks, pruned.weights]);
    const masked = new Map(
      [...read.weights].map(([name, tensor]) => {
        const mask = pruned.masks.get(name);
        const values = mask ? tensor.values.map((value, i) => (mask[i] ? value : 0)) : tensor.values;
        return [name, { ...tensor, values: values as Float32Array }] as const;
      }),
    );
    const expected = await logitsOfCheckpoint({ ...read, weights: masked }, judged);
    expect(distance(expected, await logitsOfCheckpoint(again, judged))).toBeLessThan(tolerance);
    expect(distance(expected, judged.logits)).toBeGreaterThan(tolerance); // pruning did something
  });

  it.each(exportFormats)('export: as %s it is read back with the same outputs', async format => {
    const file = join(folder, `exported${format === 'keras-weights' ? '.h5' : `-${format}`}`);
    await runExport(given({ checkpoint: out, to: format, out: file }));
    const model = await readBack(format, file, pruned);
    const back = await logitsOf(model, judged.shape, judged.input);
    model.dispose();
    expect(distance(await logitsOfCheckpoint(pruned, judged), back)).toBeLessThan(tolerance);
  });

  it('run: the sparse runtime and TensorFlow.js on WebAssembly give the same', async () => {
    const { candidates } = await json<SpeedReport>(runBench(given({ checkpoint: out, threads: '1', rounds: '1' })));
    expect(candidates.map(({ name }) => name)).toEqual(['sparse', 'dense', 'tfjs-wasm']);
    for (const { difference } of candidates) expect(difference).toBeLessThan(tolerance);
    const plan = await compile(pruned, { tune: false });
    const [examples = 1] = judged.shape;
    const outputs = await plan.run(judged.input as Float32Array<ArrayBuffer>, { batch: examples });
    await plan.dispose();
    expect(distance(await logitsOfCheckpoint(pruned, judged), [...outputs])).toBeLessThan(tolerance);
  });

  it('run: predict gives the same classes of an image in both', async () => {
    const create = { width: 9, height: 7, channels: 3 as const, background: { r: 200, g: 90, b: 30 } };
    await sharp({ create }).png().toFile(join(folder, 'image.png'));
    const predict = (runtime: string) =>
      runPredict(given({ checkpoint: out, runtime, top: '9', _: ['', join(folder, 'image.png')] }));
    if (judged.shape[3] !== 3) {
      expect(await refusal(predict('sparse'))).toMatchObject({ code: 'USAGE' }); // two channels are no image
      return;
    }
    type Told = { readonly images: readonly { readonly predictions: readonly { label: number; value: number }[] }[] };
    const values = async (runtime: string): Promise<number[]> => {
      const { images } = await json<Told>(predict(runtime));
      return [...(images[0]?.predictions ?? [])].sort((a, b) => a.label - b.label).map(({ value }) => value);
    };
    expect(distance(await values('tfjs'), await values('sparse'))).toBeLessThan(tolerance);
  });

  it('written: by what the table says', async () => {
    const format = row.written;
    if (format === 'none') {
      const name = options.model.split('.').at(-1) ?? '';
      const refused = await refusal(runExport(given({ checkpoint: out, to: name, out: join(folder, 'none') })));
      expect(refused).toMatchObject({ code: 'USAGE', message: expect.stringContaining('must be one of: tfjs') });
      return;
    }
    if (format === 'checkpoint' || format === 'keras-weights' || format === 'safetensors') {
      const weights = join(folder, `exported${format === 'keras-weights' ? '.h5' : '-safetensors'}`);
      const source = format === 'checkpoint' ? join(out, 'model.safetensors') : options.model;
      const again = await openNetwork(source, format === 'checkpoint' ? {} : { weights });
      expect(again.weights.get([...pruned.masks.keys()][0] ?? '')?.values).toEqual(
        pruned.weights.get([...pruned.masks.keys()][0] ?? '')?.values,
      );
      return;
    }
    const file = join(folder, `exported-${format}`, format === 'tfjs' ? 'model.json' : '');
    const again = await openNetwork(file.replace(/\/$/, ''));
    expect(again.masks.size).toBe(pruned.masks.size);
  });

  it('leaves no tensor behind', () => {
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(refusedRows)('$format', ({ make, code, told }) => {
  it(`read, prune: refused with ${code} and the remedy`, async () => {
    const folder = mkdtempSync(join(root, 'no-'));
    const model = await make(folder);
    const expected = { code, message: expect.stringContaining(String(told)) };
    expect(await refusal(runInspect(given({ model, measure: false })))).toMatchObject(expected);
    const options = { model, method: 'one-shot', steps: '0', out: join(folder, 'run') };
    expect(await refusal(runTraining('prune', given(options)))).toMatchObject(expected);
  });
});

it('the table is that of the README', () => {
  expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(formatTable());
});
