import { readFileSync } from 'node:fs';
import { classNamesOf, type EspalierError } from '@espalier/core';
import { beforeAll, expect, it } from 'vitest';
import { runPredict } from '../src/commands/predict.js';
import { runTraining } from '../src/commands/run.js';
import { runTransfer } from '../src/commands/transfer.js';
import type { ParsedOptions } from '../src/options/read.js';
import { findCheckpoint } from '../src/work/find-checkpoint.js';
import { openCheckpoint } from '../src/work/open-checkpoint.js';
import { scratch, writeClasses } from './images.js';

const path = scratch();
const parsed = (values: object): ParsedOptions => ({ _: [], ...values }) as unknown as ParsedOptions;
const transfer = (protocol: string, values: object = {}) =>
  runTransfer(
    parsed({
      checkpoint: path('run'),
      data: path('birds'),
      protocol,
      epochs: '2',
      seeds: '1',
      backend: 'cpu',
      out: path('transfer'),
      ...values,
    }),
  );

beforeAll(async () => {
  await writeClasses(path('pets'), { cat: 6, dog: 6 });
  await writeClasses(path('birds'), { tit: 30, rook: 30, jay: 30 });
  const options = { backend: 'cpu', size: '8', steps: '4', 'batch-size': '4', model: 'smallConvNet' };
  await runTraining('train', parsed({ ...options, data: path('pets'), out: path('run') }));
});

it('transfers to images of one’s own, by features and by fine-tuning, whose network carries the new classes', async () => {
  const linear = (await transfer('linear')).json as { readonly task: string; readonly runs: readonly unknown[] };
  expect([linear.task, linear.runs.length]).toEqual([expect.stringMatching(/^birds-[0-9a-f]{12}-0\.2$/), 1]);
  await transfer('full', { 'allow-dense': true });
  const part = `${linear.task}-official-8x8x3-full`;
  expect(JSON.parse(readFileSync(path('transfer', `${part}.json`), 'utf8'))).toMatchObject({ protocol: 'full' });
  const file = path('transfer', 'runs', part, 'seed-1');
  const checkpoint = await openCheckpoint(await findCheckpoint(file, () => {}));
  expect(classNamesOf(checkpoint.metadata)).toEqual(['jay', 'rook', 'tit']);
  const { json } = await runPredict(
    parsed({ _: [file, path('birds', 'jay', '0.png')], checkpoint: file, backend: 'cpu' }),
  );
  expect(json).toMatchObject({ classNames: 'network' });
});

it('takes a task or images, not both, and no split name for images of one’s own', async () => {
  const code = (work: Promise<unknown>) => work.catch((error: unknown) => (error as EspalierError).code);
  expect(await code(transfer('linear', { task: 'mnist' }))).toBe('USAGE');
  expect(await code(transfer('linear', { data: undefined, 'test-fraction': '0.5', task: 'mnist' }))).toBe('USAGE');
});
