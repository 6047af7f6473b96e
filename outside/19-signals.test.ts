import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { latestCheckpoint } from '@espalier/trainer/node';
import { expect, it } from 'vitest';
import { commandForTests, type Ended } from './command.js';

/** Number 19: a command that is asked to end does so in an orderly manner, whenever it is asked. */
const { espalier, path } = commandForTests();
const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

/** Sends a signal so long after a command said something. */
function signaled(signal: NodeJS.Signals, said: string, milliseconds: number, args: readonly string[]): Promise<Ended> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [main, ...args], { cwd: path(), timeout: 120_000 });
    let [stdout, stderr, sent] = ['', '', false];
    child.stdout.on('data', data => {
      stdout += data;
    });
    child.stderr.on('data', data => {
      stderr += data;
      if (sent || !stderr.includes(said)) return;
      sent = true;
      setTimeout(() => child.kill(signal), milliseconds);
    });
    child.on('close', exitCode => resolve({ exitCode, stdout, stderr }));
  });
}

const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;
const network = ['--dataset', 'synthetic', '--model', 'lenet300', '--backend', 'cpu'];

it.each([
  ['SIGTERM', 'train', []],
  ['SIGINT', 'train', ['--evaluate-every', '1']],
  ['SIGTERM', 'prune', ['--checkpoint-every', '1']],
  ['SIGINT', 'prune', ['--evaluate-every', '1', '--checkpoint-every', '2']],
] as const)(
  '%s ends %s with its code, a whole checkpoint, no leftovers, and how to go on',
  async (signal, command, more) => {
    for (const [index, milliseconds] of [0, 700].entries()) {
      const out = `${command}-${signal}-${index}`;
      const args = [command, ...network, '--steps', '100000', ...more, '--out', out];
      const { exitCode, stdout, stderr } = await signaled(signal, 'steps on', milliseconds, args);
      expect(exitCode, stderr).toBe(exitCodes[signal]);
      expect(stdout).toContain(`espalier ${command} --resume --out ${out}`);
      expect(await readdir(path(out))).toEqual(['checkpoints']);
      for (const name of await readdir(path(out, 'checkpoints'))) expect(name).toMatch(/^checkpoint-\d+\.safetensors$/);
      expect(await latestCheckpoint(path(out, 'checkpoints'))).toMatchObject({
        checkpoint: { weights: expect.any(Map) },
      });
    }
  },
  240_000,
);

it.each(['SIGTERM', 'SIGINT'] as const)(
  '%s before a step was made says how to go on, or that there is nothing',
  async signal => {
    const args = ['train', ...network, '--out', `early-${signal}`, '--steps', '100000'];
    const { exitCode, stdout, stderr } = await signaled(signal, 'normalized', 0, args);
    expect(exitCode, stderr).toBe(exitCodes[signal]);
    expect(stdout).toMatch(/nothing to resume|--resume --out/);
  },
);

it('SIGTERM ends a transfer with its code, and the same command goes on', async () => {
  expect((await espalier('train', ...network, '--steps', '1', '--out', 'net')).exitCode).toBe(0);
  const transfer = ['transfer', 'net', '--task', 'digits', '--seeds', '1', '--backend', 'wasm', '--allow-dense'];
  for (const protocol of ['linear', 'full']) {
    const args = [...transfer, '--protocol', protocol, '--out', protocol, '--epochs'];
    const { exitCode, stdout, stderr } = await signaled('SIGTERM', 'normalized', 1500, [...args, '1000']);
    expect(exitCode, stderr).toBe(143);
    expect(stdout).toContain('The same command goes on');
    const left = await readdir(path(protocol), { recursive: true }).catch(() => []);
    expect(left.filter(name => /\.(tmp|lock)$/.test(name))).toEqual([]);
  }
}, 240_000);

it('a second signal ends it at once, and what that leaves does not stop the next run', async () => {
  const begin = ['train', ...network, '--steps', '100000', '--out', 'twice'];
  const resume = ['train', '--resume', '--out', 'twice', '--backend', 'cpu'];
  expect((await signaled('SIGTERM', 'steps on', 0, begin)).exitCode).toBe(143);
  const child = spawn(process.execPath, [main, ...resume], { cwd: path() });
  const code = await new Promise(resolve => {
    child.stderr.on('data', data => {
      if (!String(data).includes('steps on')) return;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGINT'), 50);
    });
    child.on('close', resolve);
  });
  expect([130, 143]).toContain(code);
  expect((await signaled('SIGTERM', 'steps on', 0, resume)).exitCode).toBe(143);
  expect(await readdir(path('twice'))).toEqual(['checkpoints']);
});
