import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeFileAtomic } from '@espalier/core/node';
import { afterEach, beforeEach, expect, it } from 'vitest';

/** Number 19: what a killed writer leaves is gone after the next write; what a live writer is writing stays. */
const program = `
  import { writeFileAtomic } from '@espalier/core/node';
  await writeFileAtomic(process.argv[1], new Array(1_000_000).fill(new Uint8Array(1000)));
`;
let directory = '';
const running: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
});
afterEach(async () => {
  for (const child of running.splice(0)) await kill(child);
  await rm(directory, { recursive: true });
});

const leftovers = async (): Promise<string[]> => (await readdir(directory)).filter(name => name.endsWith('.tmp'));

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function startWriting(name: string): Promise<ChildProcess> {
  const before = await leftovers();
  const args = ['--input-type=module', '--eval', program, join(directory, name)];
  const child = spawn(process.execPath, args, { cwd: import.meta.dirname, stdio: 'inherit' });
  running.push(child);
  for (;;) {
    const found = (await leftovers()).find(each => !before.includes(each));
    if (found !== undefined && (await stat(join(directory, found))).size > 0) return child;
    if (child.exitCode !== null) throw new Error(`The writer ended with ${child.exitCode}; are the packages built?`);
    await setTimeout(5);
  }
}

it.each(['model.safetensors', 'result.json'])(
  'a kill while %s is written leaves nothing after the next write',
  async name => {
    const [doomed, alive] = [await startWriting(name), await startWriting(`other-${name}`)];
    await kill(doomed);
    expect(await leftovers()).toHaveLength(2);
    await writeFileAtomic(join(directory, name), Uint8Array.of(1));
    expect(await leftovers()).toHaveLength(1);
    expect(alive.exitCode).toBeNull();
    await kill(alive);
    await writeFileAtomic(join(directory, name), Uint8Array.of(2));
    expect(await readdir(directory)).toEqual([name]);
  },
);
