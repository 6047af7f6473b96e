import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DownloadOptions, download } from '@espalier/datasets/node';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

/** Number 16: a server that sends a byte now and then does not hold a download for ever. */
const size = 20_000;
const body = Buffer.alloc(size, 7);
let server: Server;
let address: string;
let root: string;
let requests = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-slow-'));
  server = createServer((request, response) => {
    requests++;
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const piece = request.url === '/drip' ? 1 : 1000;
    const head = { etag: '"1"', 'content-length': size - from };
    if (from > 0) response.writeHead(206, { ...head, 'content-range': `bytes ${from}-${size - 1}/${size}` });
    else response.writeHead(200, request.url === '/endless' ? {} : head);
    let at = from;
    const timer = setInterval(() => {
      response.write(body.subarray(at, at + piece));
      at += piece;
      if (at >= size && request.url !== '/endless') response.end();
    }, 20);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  requests = 0;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(root, { recursive: true, force: true });
});

const failed = { code: 'DOWNLOAD_FAILED' };
const get = (path: string, to: string, options: Partial<DownloadOptions> = {}): Promise<void> =>
  download(`${address}/${path}`, { to: join(root, to), attempts: 2, retrySeconds: 0, ...options });

it('gives up a connection on which fewer bytes come than the rate asks for, tries again, and says so', async () => {
  const slow = get('drip', 'a', { idleSeconds: 1 });
  await expect(slow).rejects.toMatchObject({
    ...failed,
    message: expect.stringMatching(/only \d+ bytes came in 1 s/),
  });
  expect(requests).toBe(2);
  expect(await readdir(root)).not.toContain('a');
});

it('takes what comes fast enough, and asks for nothing if the rate is 0', async () => {
  await get('steady', 'b', { idleSeconds: 0.3, minimumBytesPerSecond: 3000 });
  expect(await readFile(join(root, 'b'))).toEqual(body);
  const patient = get('drip', 'c', { idleSeconds: 0.3, minimumBytesPerSecond: 0, maximumSeconds: 1 });
  await expect(patient).rejects.toMatchObject({ ...failed, message: expect.stringContaining('maximumSeconds of 1 s') });
  expect(requests).toBe(2);
});

it('gives up after the time that it has, goes on the next time, and leaves nothing beside the finished file', async () => {
  await expect(get('steady', 'd', { maximumSeconds: 0.2 })).rejects.toMatchObject(failed);
  expect((await readdir(root)).filter(name => name.startsWith('d.')).length).toBe(2);
  await get('steady', 'd');
  expect((await readdir(root)).filter(name => name.startsWith('d'))).toEqual(['d']);
  await expect(get('endless', 'e', { maximumSeconds: 0.5 })).rejects.toMatchObject(failed);
});

it('waits no longer than that between attempts', async () => {
  const refused = download('http://127.0.0.1:9/', { to: join(root, 'f'), retrySeconds: 30, maximumSeconds: 0.3 });
  await expect(refused).rejects.toMatchObject(failed);
});

it.each([
  ['minimumBytesPerSecond', -1],
  ['minimumBytesPerSecond', '1'],
  ['maximumSeconds', 0],
  ['maximumSeconds', Number.NaN],
])('refuses %s of %j', async (option, value) => {
  await expect(get('steady', 'g', { [option]: value })).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
});
