import { readdir, rm } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

/** Number 30: a run that goes on is the same run, also in what it writes on the way. */
const { espalier, path } = commandForTests();

it('a resumed run keeps the steps between its checkpoints, unless others are given', async () => {
  const begin = ['train', '--dataset', 'synthetic', '--model', 'lenet300', '--steps', '10', '--checkpoint-every', '3'];
  expect((await espalier(...begin, '--backend', 'cpu', '--out', 'run')).exitCode).toBe(0);
  const checkpoints = path('run', 'checkpoints');
  const steps = async (): Promise<number[]> =>
    (await readdir(checkpoints)).map(name => Number(/(\d+)\.safetensors$/.exec(name)?.[1])).sort((a, b) => a - b);
  const forget = async (): Promise<void> => {
    for (const name of await readdir(checkpoints)) {
      if (Number(/(\d+)\.safetensors$/.exec(name)?.[1]) > 6) await rm(path('run', 'checkpoints', name));
    }
  };
  const whole = await steps();
  expect(whole).toContain(9);
  await forget();
  expect((await espalier('train', '--resume', '--out', 'run', '--backend', 'cpu')).exitCode).toBe(0);
  expect(await steps()).toEqual(whole);
  await forget();
  const other = ['train', '--resume', '--out', 'run', '--backend', 'cpu', '--checkpoint-every', '100'];
  expect((await espalier(...other)).exitCode).toBe(0);
  expect(await steps()).not.toContain(9);
}, 240_000);
