import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { removeLeftovers, temporaryPath, writeFileAtomic } from '../../src/node/index.js';

const program = fileURLToPath(new URL('./slow-writer.ts', import.meta.url));
const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const day = 24 * 60 * 60 * 1000;

let directory = '';
let children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-killed-'));
});
afterEach(async () => {
  await Promise.all(children.map(kill));
  children = [];
  await rm(directory, { recursive: true });
});

const temporaries = async (): Promise<string[]> => (await readdir(directory)).filter(name => name.endsWith('.tmp'));

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Starts a process and returns once it has written part of its file. */
async function startWriting(name: string): Promise<ChildProcess> {
  const before = new Set(await temporaries());
  const child = spawn(process.execPath, ['--import', loader, program, join(directory, name)], { stdio: 'inherit' });
  children.push(child);
  for (;;) {
    const [own] = (await temporaries()).filter(found => !before.has(found));
    if (own !== undefined && (await stat(join(directory, own))).size > 0) return child;
    if (child.exitCode !== null) throw new Error(`The writer ended with ${child.exitCode}.`);
    await setTimeout(5);
  }
}

it('the next write removes what killed processes left, and leaves alone what a live one is writing', async () => {
  const doomed = await startWriting('first');
  const alive = await startWriting('second');
  expect(await temporaries()).toHaveLength(2);
  await kill(doomed);
  expect(await temporaries()).toHaveLength(2);

  await writeFileAtomic(join(directory, 'result.json'), Uint8Array.of(1));
  expect(await temporaries()).toHaveLength(1);
  expect(alive.exitCode).toBeNull();

  await kill(alive);
  await removeLeftovers(directory);
  expect(await readdir(directory)).toEqual(['result.json']);
  expect([...(await readFile(join(directory, 'result.json')))]).toEqual([1]);
});

it('never removes a file of this process, however old', async () => {
  const own = temporaryPath(directory);
  await writeFile(own, '');
  await utimes(own, new Date(0), new Date(0));
  await removeLeftovers(directory);
  expect(await temporaries()).toHaveLength(1);
});

/** The own name with another part for `place`, `pid` or `start`. */
const renamed = (parts: Partial<Record<'place' | 'pid' | 'start', string>>): string => {
  const [, , place, pid, start, random] = /(\.espalier)-(\w+)-(\d+)-(\d+)-(\w+)\.tmp$/.exec(temporaryPath(directory))!;
  return `.espalier-${parts.place ?? place}-${parts.pid ?? pid}-${parts.start ?? start}-${random}.tmp`;
};

it('tells a process from an earlier one that had its number', async context => {
  if (renamed({}).includes(`-${process.pid}-0-`)) context.skip('this system does not say when a process started');
  await writeFile(join(directory, renamed({ start: '1' })), '');
  await removeLeftovers(directory);
  expect(await temporaries()).toEqual([]);
});

it.each([
  ['another machine', () => renamed({ place: '00000000', pid: '1' })],
  ['an earlier version', () => '.espalier-6f1c2b3a-0000-4000-8000-0123456789ab.tmp'],
])('a file of %s goes when nobody has touched it for a day', async (_, nameOf) => {
  const path = join(directory, nameOf());
  await writeFile(path, '');
  const { mtimeMs } = await stat(path);
  await removeLeftovers(directory, mtimeMs + day - 1000);
  expect(await temporaries()).toHaveLength(1);
  await removeLeftovers(directory, mtimeMs + day + 1000);
  expect(await temporaries()).toEqual([]);
});

it('touches no file of another name', async () => {
  const names = ['.espalier-notes.tmp', '.espalier-1-2-3.tmp', 'result.json', '.other.tmp'];
  for (const name of names) {
    await writeFile(join(directory, name), '');
    await utimes(join(directory, name), new Date(0), new Date(0));
  }
  await writeFileAtomic(join(directory, 'x'), Uint8Array.of(1));
  expect((await readdir(directory)).sort()).toEqual([...names, 'x'].sort());
});
