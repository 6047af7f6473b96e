import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { commandForTests } from './command.js';

const { espalier, path } = commandForTests();
const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

/** Kills the command so many milliseconds after it said that it begins. */
function killAfter(milliseconds: number, args: readonly string[]): Promise<void> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [main, ...args], { cwd: path() });
    child.stderr.on('data', data => {
      if (String(data).includes('steps on')) setTimeout(() => child.kill('SIGKILL'), milliseconds);
    });
    child.on('close', () => resolve());
  });
}

it('leaves nothing half-written behind once a killed run was gone on with, whenever it was killed', async () => {
  const begin = ['train', '--dataset', 'synthetic', '--model', 'lenet300', '--steps', '60', '--backend', 'wasm'];
  for (const [index, milliseconds] of [150, 400, 700, 1000, 1500].entries()) {
    const out = `run-${index}`;
    await killAfter(milliseconds, [...begin, '--checkpoint-every', '1', '--out', out]);
    const begun = await readdir(path(out, 'checkpoints')).catch(() => []);
    const resume = begun.some(name => name.startsWith('checkpoint-'))
      ? ['train', '--resume', '--backend', 'wasm']
      : begin;
    const { exitCode, stderr } = await espalier(...resume, '--out', out);
    expect(exitCode, stderr).toBe(0);
    expect((await readdir(path(out))).sort()).toEqual(['checkpoints', 'model.safetensors', 'result.json']);
    for (const name of await readdir(path(out, 'checkpoints')))
      expect(name).toMatch(/^checkpoint-\d{10}\.safetensors$/);
  }
});
