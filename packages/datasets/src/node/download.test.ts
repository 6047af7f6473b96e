import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetsError, DataTooLargeError, InvalidDatasetOptionError } from '../errors.js';
import { download } from './download.js';
import { ChecksumMismatchError, DownloadError } from './errors.js';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >>> 3));
const md5 = createHash('md5').update(content).digest('hex');
const sha256 = createHash('sha256').update(content).digest('hex');

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
let server: Server;
let base: string;
let directory: string;
let to: string;
/** One answer a request; the last one stays. */
let answers: Answer[];
let requests: IncomingMessage[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'espalier-download-'));
  to = join(directory, 'deep', 'file.bin');
  answers = [];
  requests = [];
  server = createServer((request, response) => {
    requests.push(request);
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    answer(request, response);
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise(done => server.close(done));
  rmSync(directory, { recursive: true });
});

const quick = { retrySeconds: 0.001, attempts: 4 };
const leftovers = (): string[] => (existsSync(join(directory, 'deep')) ? readdirSync(join(directory, 'deep')) : []);

/** Answers ranges as a good server does. */
const good: Answer = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
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

/** Promises everything, sends `count` bytes from the asked start, and hangs up. */
const dropAfter =
  (count: number, headers: Record<string, string> = { etag: '"v1"' }): Answer =>
  (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...range, ...headers });
    response.write(content.subarray(start, start + count), () => setTimeout(() => response.destroy(), 20));
  };

const send =
  (status: number, headers: Record<string, string | number> = {}, body: Uint8Array | string = ''): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };

function expectWholeFile(): void {
  expect(readFileSync(to).equals(content)).toBe(true);
  expect(leftovers()).toEqual(['file.bin']);
}

describe('a good server', () => {
  it('gives the whole file and nothing else, with progress that ends at the total', async () => {
    answers = [good];
    const progress: [number, number | undefined][] = [];
    await download(`${base}/f`, { to, md5, sha256, onProgress: p => progress.push([p.received, p.total]) });
    expectWholeFile();
    expect(progress[0]).toEqual([0, content.length]);
    expect(progress.at(-1)).toEqual([content.length, content.length]);
    expect(requests[0]!.headers['accept-encoding']).toBe('identity');
  });

  it('is not asked again for a file that is there with the right checksum, but is for a damaged one', async () => {
    answers = [good];
    await download(`${base}/f`, { to, md5 });
    await download(`${base}/f`, { to, md5 });
    expect(requests.length).toBe(1);
    writeFileSync(to, 'damaged');
    await download(`${base}/f`, { to, md5 });
    expectWholeFile();
  });

  it('may redirect', async () => {
    answers = [send(302, { location: '/elsewhere' }), good];
    await download(`${base}/f`, { to, sha256 });
    expect(requests[1]!.url).toBe('/elsewhere');
    expectWholeFile();
  });

  it('may send in chunks without a length', async () => {
    answers = [
      (_, response) => {
        response.writeHead(200);
        response.write(content.subarray(0, 1000));
        response.end(content.subarray(1000));
      },
    ];
    await download(`${base}/f`, { to, md5 });
    expectWholeFile();
  });

  it('may be asked by two downloads of one file at once', async () => {
    answers = [good];
    await Promise.all([download(`${base}/f`, { to, md5 }), download(`${base}/f`, { to, md5 })]);
    expectWholeFile();
  });
});

describe('a dropped connection', () => {
  it('is taken up where it ended, as often as it takes', async () => {
    answers = [dropAfter(1000), dropAfter(50_000), good];
    await download(`${base}/f`, { to, md5, ...quick });
    expectWholeFile();
    expect(requests.map(request => request.headers.range)).toEqual([undefined, 'bytes=1000-', 'bytes=51000-']);
    expect(requests[1]!.headers['if-range']).toBe('"v1"');
  });

  it('is taken up without a checksum too if the server named its version', async () => {
    answers = [dropAfter(1000), good];
    await download(`${base}/f`, { to, ...quick });
    expect(requests[1]!.headers.range).toBe('bytes=1000-');
    expectWholeFile();
  });

  it('starts again if neither a checksum nor a version says that the rest would fit', async () => {
    answers = [dropAfter(1000, {}), good];
    await download(`${base}/f`, { to, ...quick });
    expect(requests[1]!.headers.range).toBeUndefined();
    expectWholeFile();
  });

  it('starts again if the server ignores ranges', async () => {
    answers = [dropAfter(1000), send(200, { 'content-length': content.length }, content)];
    await download(`${base}/f`, { to, md5, ...quick });
    expectWholeFile();
  });

  it('starts again if the file has changed meanwhile, even without a checksum', async () => {
    const changed = Buffer.alloc(5000, 7);
    answers = [dropAfter(1000), send(200, { 'content-length': changed.length, etag: '"v2"' }, changed)];
    await download(`${base}/f`, { to, ...quick });
    expect(readFileSync(to).equals(changed)).toBe(true);
  });

  it('starts again if the server sends another range than asked for', async () => {
    const wrong = send(206, { 'content-range': `bytes 5-9/${content.length}`, 'content-length': 5 }, 'abcde');
    answers = [dropAfter(1000), wrong, good];
    await download(`${base}/f`, { to, md5, ...quick });
    expectWholeFile();
  });

  it('starts again if the first bytes turn out to be of another file', async () => {
    const foreign: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(Buffer.alloc(1000, 9), () => setTimeout(() => response.destroy(), 20));
    };
    answers = [foreign, good];
    await download(`${base}/f`, { to, md5, ...quick });
    expect(requests.map(request => request.headers.range)).toEqual([undefined, 'bytes=1000-', undefined]);
    expectWholeFile();
  });

  it('after the last byte is found to be complete by a 416', async () => {
    const withoutLength: Answer = (_, response) => {
      response.writeHead(200, { etag: '"v1"' });
      response.write(content, () => setTimeout(() => response.destroy(), 50));
    };
    answers = [withoutLength, good];
    await download(`${base}/f`, { to, md5, ...quick });
    expect(requests[1]!.headers.range).toBe(`bytes=${content.length}-`);
    expectWholeFile();
  });

  it('starts again at a 416 that says the file is shorter than what is there', async () => {
    answers = [dropAfter(1000), send(416, { 'content-range': 'bytes */10' }), good];
    await download(`${base}/f`, { to, md5, ...quick });
    expectWholeFile();
  });

  it('for good is an error after the last attempt; the next call goes on, also at another address', async () => {
    answers = [dropAfter(1000)];
    await expect(download(`${base}/f`, { to, md5, ...quick })).rejects.toThrow(DownloadError);
    expect(requests.length).toBe(4);
    expect(existsSync(to)).toBe(false);
    answers = [good];
    await download(`${base}/mirror`, { to, md5, ...quick });
    expect(requests[4]!.headers.range).toBe('bytes=4000-');
    expectWholeFile();
  });

  it('leaves a part that another process takes over once its own has ended', async () => {
    answers = [good];
    await download(`${base}/f`, { to: join(directory, 'deep', 'other'), md5 });
    rmSync(join(directory, 'deep', 'other'));
    const machine = hostname().replace(/[^A-Za-z0-9]+/g, '_');
    // No process has a number above 4,194,304, the most that Linux gives out.
    const orphan = `${to}.${machine}-99999999-0-0.part`;
    writeFileSync(orphan, content.subarray(0, 7000));
    writeFileSync(`${orphan}.json`, JSON.stringify({ url: `${base}/f`, validator: '"v1"' }));
    await download(`${base}/f`, { to });
    expect(requests[1]!.headers.range).toBe('bytes=7000-');
    expectWholeFile();
  });

  it('of a process that is alive is left alone', async () => {
    answers = [good];
    await download(`${base}/f`, { to: join(directory, 'deep', 'other'), md5 });
    const machine = hostname().replace(/[^A-Za-z0-9]+/g, '_');
    writeFileSync(`${to}.${machine}-${process.ppid}-0-0.part`, content.subarray(0, 7000));
    await download(`${base}/f`, { to, md5 });
    expect(requests[1]!.headers.range).toBeUndefined();
    expect(leftovers()).toContain(`file.bin.${machine}-${process.ppid}-0-0.part`);
  });
});

describe('a wrong file', () => {
  it('is never found under the final name, nor kept', async () => {
    answers = [send(200, { 'content-length': 11 }, '<html>hello')];
    await expect(download(`${base}/f`, { to, sha256, ...quick })).rejects.toThrow(ChecksumMismatchError);
    expect(requests.length).toBe(1);
    expect(leftovers()).toEqual([]);
  });

  it('does not replace a file that is there', async () => {
    answers = [send(200, {}, 'wrong')];
    await expect(download(`${base}/g`, { to, md5 })).rejects.toThrow(ChecksumMismatchError);
    answers = [good];
    await download(`${base}/f`, { to });
    answers = [send(200, {}, 'wrong')];
    const other = createHash('md5').update('something else').digest('hex');
    await expect(download(`${base}/f`, { to, md5: other })).rejects.toThrow(ChecksumMismatchError);
    expectWholeFile();
  });

  it('that is longer than it said is cut by HTTP and caught by the checksum', async () => {
    answers = [
      ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n`);
        socket.end(content);
      },
    ];
    await expect(download(`${base}/f`, { to, md5, ...quick })).rejects.toThrow(DatasetsError);
    expect(existsSync(to)).toBe(false);
  });

  it('that is too large is given up at once if it says so, and while it comes if it does not', async () => {
    answers = [good];
    await expect(download(`${base}/f`, { to, maximumBytes: 1000 })).rejects.toThrow(DataTooLargeError);
    answers = [
      (_, response) => {
        response.writeHead(200);
        response.end(content);
      },
    ];
    await expect(download(`${base}/f`, { to, maximumBytes: 1000 })).rejects.toThrow(DataTooLargeError);
    expect(leftovers()).toEqual([]);
  });
});

describe('a server in trouble', () => {
  it('is asked again after a 503', async () => {
    answers = [send(503, { 'retry-after': '0' }), good];
    await download(`${base}/f`, { to, md5, ...quick });
    expectWholeFile();
  });

  it('is not asked again after a 404', async () => {
    answers = [send(404)];
    await expect(download(`${base}/f`, { to, ...quick })).rejects.toThrow('the server answered 404 Not Found');
    expect(requests.length).toBe(1);
    expect(existsSync(to)).toBe(false);
  });

  it('that stays silent is given up after the idle time', async () => {
    answers = [() => undefined, good];
    await download(`${base}/f`, { to, md5, ...quick, idleSeconds: 0.2 });
    expectWholeFile();
  });

  it('that is not there is a coded error with the network reason', async () => {
    await new Promise(done => server.close(done));
    const attempt = download(`${base}/f`, { to, ...quick });
    await expect(attempt).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('the caller', () => {
  it('can stop it; what has arrived is used by the next call', async () => {
    const controller = new AbortController();
    answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length, etag: '"v1"' });
        response.write(content.subarray(0, 2000));
      },
      good,
    ];
    const onProgress = ({ received }: { received: number }): void => {
      if (received > 0) controller.abort(new Error('enough'));
    };
    await expect(download(`${base}/f`, { to, md5, onProgress, signal: controller.signal })).rejects.toThrow('enough');
    expect(existsSync(to)).toBe(false);
    await download(`${base}/f`, { to, md5 });
    expect(requests[1]!.headers.range).toBe('bytes=2000-');
    expectWholeFile();
  });

  it('can stop it in a pause between attempts', async () => {
    const controller = new AbortController();
    answers = [
      (_, response) => {
        response.writeHead(503).end();
        setTimeout(() => controller.abort(new Error('enough')), 50);
      },
    ];
    const attempt = download(`${base}/f`, { to, retrySeconds: 30, signal: controller.signal });
    await expect(attempt).rejects.toThrow('enough');
  });

  it('hears of an exception in its own callback, once', async () => {
    answers = [good];
    const onProgress = (): void => {
      throw new TypeError('mine');
    };
    await expect(download(`${base}/f`, { to, md5, onProgress })).rejects.toThrow('mine');
    expect(requests.length).toBe(1);
  });

  it.each([
    ['attempts', { attempts: 0 }],
    ['retrySeconds', { retrySeconds: -1 }],
    ['idleSeconds', { idleSeconds: 0 }],
  ])('is told of a wrong %s', async (_, options) => {
    await expect(download(`${base}/f`, { to, ...options })).rejects.toThrow(InvalidDatasetOptionError);
  });

  it.each(['file:///etc/passwd', 'nonsense', ''])('cannot fetch %j', async url => {
    await expect(download(url, { to })).rejects.toThrow(InvalidDatasetOptionError);
  });
});
