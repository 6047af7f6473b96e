import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { network, writers } from './memory/files.js';

const run = promisify(execFile);
const program = fileURLToPath(new URL('./memory/read.mjs', import.meta.url));

/** How a kind of file is read, if not by a reader of the kind's name. */
const readers: Readonly<Record<string, readonly string[]>> = { 'keras-archive': ['keras', 'keras-model'] };

let folder = '';
const files = new Map<string, { readonly large: string; readonly small: string }>();
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'espalier-memory-'));
  // 11 · 3 · 3 · 512 · 512 · 4 bytes are 99 MiB, as many as ResNet-50 has.
  for (const [size, model] of [
    ['large', network(11, 512)],
    ['small', network(2, 8)],
  ] as const) {
    for (const [kind, write] of Object.entries(writers)) {
      const own = join(folder, kind, size);
      await mkdir(own, { recursive: true });
      files.set(kind, { ...(files.get(kind) as { large: string; small: string }), [size]: await write(own, model) });
    }
    model.dispose();
  }
}, 300_000);
afterAll(() => rm(folder, { recursive: true }));

/** Bytes of a file and of those beside it. */
async function sizeOf(path: string): Promise<number> {
  const sizes = (await readdir(dirname(path))).map(async name => (await stat(join(dirname(path), name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

const cases = Object.keys(writers).flatMap(kind => (readers[kind] ?? [kind]).map(reader => [kind, reader] as const));
// Linux alone says what a process took at most.
it.skipIf(process.platform !== 'linux').each(cases)(
  'to read a file of the kind %s takes at most twice its size (%s)',
  async (kind, reader) => {
    const { large, small } = files.get(kind)!;
    const { stdout } = await run(process.execPath, ['--expose-gc', program, reader, large, small]);
    const { grown } = JSON.parse(stdout) as { readonly grown: number };
    expect(grown / (await sizeOf(large))).toBeLessThan(2);
  },
);
