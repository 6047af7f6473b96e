import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { download, loadTask } from '@espalier/datasets/node';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';

let directory: string;
let server: Server;
let children: ChildProcess[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-19-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  server?.closeAllConnections();
  server?.close();
  await rm(directory, { recursive: true });
});

const built = fileURLToPath(new URL('../packages/datasets/dist/node/index.js', import.meta.url));

function start(code: string): ChildProcess {
  const script = `import * as datasets from ${JSON.stringify(built)}; ${code}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
  children.push(child);
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const names = (...path: string[]): string[] => {
  const folder = join(directory, ...path);
  return existsSync(folder) ? readdirSync(folder) : [];
};

it('downloads that were killed are gone on with or removed, ones that live are not touched', async () => {
  const content = Buffer.alloc(200_000, 7);
  let whole = false;
  let requests = 0;
  server = createServer((_, response) => {
    requests++;
    if (whole) response.end(content);
    else response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 50_000));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/f`;
  const to = join(directory, 'f');
  const fetching = `await datasets.download(${JSON.stringify(url)}, { to: ${JSON.stringify(to)} });`;
  const parts = (): string[] => names().filter(name => name.endsWith('.part'));
  const dead = [start(fetching), start(fetching)];
  const alive = start(fetching);
  await until(() => parts().length === 3 && requests === 3);
  for (const child of dead) await kill(child);
  whole = true;
  const md5 = createHash('md5').update(content).digest('hex');
  await download(url, { to, md5 });
  expect(parts()).toHaveLength(1);
  expect(parts()[0]).toContain(`-${alive.pid}-`);
  await kill(alive);
  await download(url, { to, md5 });
  expect(names()).toEqual(['f']);
  expect(await readFile(to)).toEqual(content);
});

it('an archive whose unpacking was killed is unpacked anew, and nothing of it stays', async () => {
  const packed = pack();
  for (let i = 0; i < 6000; i++) packed.entry({ name: `annotations/${i}.txt` }, 'x');
  packed.finalize();
  const bytes: Buffer[] = [];
  for await (const part of packed) bytes.push(part as Buffer);
  await mkdir(join(directory, 'pets'));
  await writeFile(join(directory, 'pets', 'annotations.tar.gz'), gzipSync(Buffer.concat(bytes)));
  const options = { directory: join(directory, 'pets'), cacheDirectory: join(directory, 'cache') };
  const child = start(`await datasets.loadTask('pets', ${JSON.stringify(options)});`);
  await until(() => names('cache', 'unpacked').some(name => name.endsWith('.tmp')));
  await kill(child);
  expect(names('cache', 'unpacked').filter(name => name.endsWith('.tmp'))).toHaveLength(1);
  await expect(loadTask('pets', options)).rejects.toMatchObject({ code: 'MISSING_DATA' });
  const left = names('cache', 'unpacked');
  expect(left).toHaveLength(1);
  expect(left[0]).toMatch(/^[\da-f]{24}$/);
});
