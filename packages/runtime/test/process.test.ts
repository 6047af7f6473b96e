import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const runtime = new URL('../dist/index.js', import.meta.url).href;

/** Runs a program in a process of its own, on the built package, with a plan of two threads for three features. */
async function output(program: string): Promise<string> {
  const source = `
    import { compile } from ${JSON.stringify(runtime)};
    const kernel = Float32Array.of(1, 2, 3);
    const plan = await compile({
      input: { name: 'x', shape: [3] },
      nodes: [{ kind: 'dense', name: 'y', inputs: ['x'], shape: [1], kernel, activation: 'linear' }],
      output: 'y',
    }, { threads: 2 });
    const x = Float32Array.of(1, 1, 1);
    ${program}`;
  const options = { cwd: fileURLToPath(new URL('.', import.meta.url)), timeout: 20_000 };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], options);
  return stdout.trim();
}

describe('a process', () => {
  it('ends although a plan was not disposed of', async () => {
    expect(await output('console.log((await plan.run(x))[0]);')).toBe('6');
  });

  it('ends while workers sleep', async () => {
    const program = 'await plan.run(x); setTimeout(async () => console.log((await plan.run(x))[0]), 200);';
    expect(await output(program)).toBe('6');
  });

  it('ends after disposal, and after a run that was not awaited', async () => {
    expect(await output("plan.run(x); await plan.dispose(); console.log('ended');")).toBe('ended');
  });
});
