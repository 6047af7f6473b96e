import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();
const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));
const network = ['--dataset', 'synthetic', '--model', 'lenet300', '--backend', 'cpu', '--checkpoint-every', '1'];

/** Starts a command and waits until it says something. */
async function begun(args: readonly string[], said: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [main, ...args], { cwd: path() });
  await new Promise<void>((resolve, reject) => {
    let all = '';
    child.stderr.on('data', data => {
      all += data;
      if (all.includes(said)) resolve();
    });
    child.on('close', () => reject(new Error(`ended with ${all}`)));
  });
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const closed = new Promise(resolve => child.on('close', resolve));
  child.kill(signal);
  await closed;
}

/** Files in a directory that are no results. */
const odd = async (directory: string): Promise<string[]> =>
  (await readdir(path(directory))).filter(name => name.startsWith('.'));

it.each(['train', 'prune'])(
  '%s is refused where another run works, and goes on at once where that was killed',
  async command => {
    const args = [command, ...network, '--steps', '100000', '--out', command];
    const first = await begun(args, 'steps on');
    for (const more of [[], ['--resume']]) {
      const { exitCode, stderr } = await espalier(...args, ...more);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining('DIRECTORY_IN_USE') });
      expect(stderr).toContain(`process ${first.pid} since 20`);
      expect(stderr).toContain('--out');
    }
    await end(first, 'SIGKILL');
    expect((await odd(command)).length).toBeGreaterThan(0);
    const second = await begun([command, '--resume', '--out', command, '--backend', 'cpu'], 'steps on');
    await end(second, 'SIGTERM');
    expect(await odd(command)).toEqual([]);
  },
  240_000,
);

it('of two runs that are started at the same time, one finishes and the other is refused', async () => {
  const args = ['train', ...network, '--steps', '3', '--out', 'both', '--json'];
  const ended = await Promise.all([espalier(...args), espalier(...args)]);
  expect(ended.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  for (const { exitCode, stderr } of ended) if (exitCode === 1) expect(stderr).toContain('DIRECTORY_IN_USE');
  expect(await readdir(path('both'))).toEqual(['checkpoints', 'model.safetensors', 'result.json']);
}, 240_000);

it('transfer is refused where the same is transferred, not where something else is', async () => {
  const pruned = ['prune', ...network, '--steps', '2', '--sparsity', '0.5', '--out', 'pruned'];
  expect((await espalier(...pruned)).exitCode).toBe(0);
  const common = ['transfer', 'pruned', '--task', 'digits', '--backend', 'wasm', '--seeds', '1', '--out', 'moved'];
  const long = [...common, '--epochs', '100000', '--protocol', 'linear'];
  const first = await begun(long, 'normalized');
  const again = await espalier(...long);
  expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('DIRECTORY_IN_USE') });
  const other = [...common, '--epochs', '1', '--protocol', 'full'];
  expect(await espalier(...other)).toMatchObject({ exitCode: 0 });
  await end(first, 'SIGTERM');
  expect(await odd('moved')).toEqual([]);
  const [result] = (await readdir(path('moved'))).filter(name => name.endsWith('.json'));
  expect(JSON.parse(await readFile(path('moved', result ?? ''), 'utf8'))).toMatchObject({ command: 'transfer' });
}, 240_000);
