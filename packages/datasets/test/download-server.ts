import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity } from '@espalier/core/node';
import { afterEach, beforeEach, expect } from 'vitest';

/** What the test server has to give. */
export const content: Buffer = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >>> 3));
export const md5: string = createHash('md5').update(content).digest('hex');
export const sha256: string = createHash('sha256').update(content).digest('hex');

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server on 127.0.0.1 that answers as it is told, and a directory to download to. */
export interface TestServer {
  readonly url: string;
  readonly directory: string;
  /** Where downloads should go; its directory does not exist at first. */
  readonly to: string;
  /** One answer a request; the last one stays. */
  answers: Answer[];
  readonly requests: IncomingMessage[];
  stop(): Promise<void>;
}

async function startServer(): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'espalier-download-'));
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    directories.set(response, directory);
    const answer = state.answers.length > 1 ? state.answers.shift()! : state.answers[0]!;
    answer(request, response);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const state: TestServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    directory,
    to: join(directory, 'deep', 'file.bin'),
    answers: [],
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
      rmSync(directory, { recursive: true, force: true });
    },
  };
  return state;
}

/** The server of the current test. */
export let server: TestServer;

/** Starts a new server before every test, and stops it after. */
export function serveEachTest(): void {
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.stop());
}

/** Files in the directory of the destination. */
export function filesBeside({ directory }: TestServer): string[] {
  return existsSync(join(directory, 'deep')) ? readdirSync(join(directory, 'deep')) : [];
}

/** The destination holds the content, and nothing is beside it. */
export function expectWholeFile(server: TestServer): void {
  expect(readFileSync(server.to).equals(content)).toBe(true);
  expect(filesBeside(server)).toEqual(['file.bin']);
}

/** Name of the part that process `pid` of this machine would have left for the destination. */
export function partOf(server: TestServer, pid: number): string {
  return `${server.to}.${ownIdentity().place}-${pid}-0-0-0.part`;
}

const startOf = ({ headers }: IncomingMessage): number => Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);

/** Answers ranges as a good server does. */
export const good: Answer = (request, response) => {
  const start = startOf(request);
  const current = request.headers['if-range'] === undefined || request.headers['if-range'] === '"v1"';
  if (start >= content.length && current) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
  } else if (start > 0 && current) {
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { 'content-range': range, 'content-length': content.length - start, etag: '"v1"' });
    response.end(content.subarray(start));
  } else {
    response.writeHead(200, { 'content-length': content.length, etag: '"v1"' }).end(content);
  }
};

const directories = new WeakMap<ServerResponse, string>();

/**
 * Hangs up once a part of `size` bytes is on the client's disk: bytes that have not been read from a connection when it
 * breaks are lost, and a busy machine may read late. After five seconds in any case.
 */
export function hangUpAfter(response: ServerResponse, size: number): void {
  const directory = directories.get(response)!;
  const end = performance.now() + 5000;
  const timer = setInterval(() => {
    if (performance.now() < end && !partSizes(directory).some(bytes => bytes >= size)) return;
    clearInterval(timer);
    response.destroy();
  }, 5);
}

function partSizes(directory: string): number[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.part'))
    .map(name => statSync(join(directory, name), { throwIfNoEntry: false })?.size ?? 0);
}

/** Promises everything, sends `count` bytes from the asked start, and hangs up. */
export const dropAfter =
  (count: number, headers: Record<string, string> = { etag: '"v1"' }): Answer =>
  (request, response) => {
    const start = startOf(request);
    const range = start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...range, ...headers });
    response.write(content.subarray(start, start + count), () => hangUpAfter(response, start + count));
  };

/** One fixed answer. */
export const send =
  (status: number, headers: Record<string, string | number> = {}, body: Uint8Array | string = ''): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
