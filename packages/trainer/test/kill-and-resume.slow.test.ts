import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { randomStreams } from '@espalier/core';
import { afterAll, beforeAll, expect, it } from 'vitest';

const program = fileURLToPath(new URL('./killable-run.mjs', import.meta.url));
const kills = 24;
const random = randomStreams(2026, 0)('kills');
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-kill-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Kill {
  /** Which line of the program's output sets it off. */
  readonly line: number;
  /** Whether it waits for the next time the program announces that it saves. */
  readonly whileSaving: boolean;
  /** Milliseconds from that line to the signal. */
  readonly delay: number;
}

/** Runs the built program once, to its end or to the kill; tells which signal ended it. */
async function live(directory: string, kill?: Kill): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', data => {
      errors += data;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => (code ? reject(new Error(errors)) : resolve(signal)));
  });
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lines++;
    if (!kill || lines < kill.line || (kill.whileSaving && !line.startsWith('saving'))) continue;
    if (kill.delay > 0) await setTimeout(kill.delay);
    child.kill('SIGKILL');
    break;
  }
  child.stdout.resume();
  return ended;
}

/** The files of a directory with their bytes. */
async function contents(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory)).filter(name => name.endsWith('.safetensors')).sort();
  return new Map(
    await Promise.all(
      names.map(async name => [name, (await readFile(join(directory, name))).toString('base64')] as const),
    ),
  );
}

it(`continues bit for bit after each of ${kills} or more SIGKILLs, some of them in the middle of saving`, async () => {
  const whole = join(root, 'whole');
  expect(await live(whole)).toBeNull();
  const expected = await contents(whole);
  expect([...expected.keys()].at(-1)).toBe('checkpoint-0000000040.safetensors');

  let killed = 0;
  let lives = 0;
  for (let run = 0; killed < kills; run++) {
    const directory = join(root, `run-${run}`);
    let signal: NodeJS.Signals | null;
    do {
      const kill = {
        line: 1 + Math.floor(random() * 14),
        whileSaving: random() < 0.5,
        delay: Math.floor(random() * 3),
      };
      signal = await live(directory, kill);
      if (signal === 'SIGKILL') killed++;
      expect(++lives, 'runs that make no progress').toBeLessThan(4 * kills);
    } while (signal === 'SIGKILL');
    expect(await contents(directory)).toEqual(expected);
  }
}, 300_000);
