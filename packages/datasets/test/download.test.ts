import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { EspalierError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { DataTooLargeError } from '../src/errors.js';
import { ChecksumMismatchError } from '../src/node/errors.js';
import { download } from '../src/node/fetch/download.js';
import {
  content,
  expectWholeFile,
  filesBeside,
  good,
  md5,
  send,
  serveEachTest,
  server,
  sha256,
} from './download-server.js';

serveEachTest();

const quick = { retrySeconds: 0.001, attempts: 4 };

describe('a good server', () => {
  it('gives the whole file and nothing else, with progress that ends at the total', async () => {
    server.answers = [good];
    const progress: [number, number | undefined][] = [];
    await download(`${server.url}/f`, {
      to: server.to,
      md5,
      sha256,
      onProgress: p => progress.push([p.received, p.total]),
    });
    expectWholeFile(server);
    expect(progress[0]).toEqual([0, content.length]);
    expect(progress.at(-1)).toEqual([content.length, content.length]);
    expect(server.requests[0]!.headers['accept-encoding']).toBe('identity');
  });

  it('is not asked again for a file that is there with the right checksum, but is for a damaged one', async () => {
    server.answers = [good];
    await download(`${server.url}/f`, { to: server.to, md5 });
    await download(`${server.url}/f`, { to: server.to, md5 });
    expect(server.requests.length).toBe(1);
    writeFileSync(server.to, 'damaged');
    await download(`${server.url}/f`, { to: server.to, md5 });
    expectWholeFile(server);
  });

  it('may redirect', async () => {
    server.answers = [send(302, { location: '/elsewhere' }), good];
    await download(`${server.url}/f`, { to: server.to, sha256 });
    expect(server.requests[1]!.url).toBe('/elsewhere');
    expectWholeFile(server);
  });

  it('may send in chunks without a length', async () => {
    server.answers = [
      (_, response) => {
        response.writeHead(200);
        response.write(content.subarray(0, 1000));
        response.end(content.subarray(1000));
      },
    ];
    await download(`${server.url}/f`, { to: server.to, md5 });
    expectWholeFile(server);
  });

  it('may be asked by two downloads of one file at once', async () => {
    server.answers = [good];
    await Promise.all([
      download(`${server.url}/f`, { to: server.to, md5 }),
      download(`${server.url}/f`, { to: server.to, md5 }),
    ]);
    expectWholeFile(server);
  });
});

describe('a wrong file', () => {
  it('is never found under the final name, nor kept', async () => {
    server.answers = [send(200, { 'content-length': 11 }, '<html>hello')];
    await expect(download(`${server.url}/f`, { to: server.to, sha256, ...quick })).rejects.toThrow(
      ChecksumMismatchError,
    );
    expect(server.requests.length).toBe(1);
    expect(filesBeside(server)).toEqual([]);
  });

  it('does not replace a file that is there', async () => {
    server.answers = [send(200, {}, 'wrong')];
    await expect(download(`${server.url}/g`, { to: server.to, md5 })).rejects.toThrow(ChecksumMismatchError);
    server.answers = [good];
    await download(`${server.url}/f`, { to: server.to });
    server.answers = [send(200, {}, 'wrong')];
    const other = createHash('md5').update('something else').digest('hex');
    await expect(download(`${server.url}/f`, { to: server.to, md5: other })).rejects.toThrow(ChecksumMismatchError);
    expectWholeFile(server);
  });

  it('that is longer than it said is cut by HTTP and caught by the checksum', async () => {
    server.answers = [
      ({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n`);
        socket.end(content);
      },
    ];
    await expect(download(`${server.url}/f`, { to: server.to, md5, ...quick })).rejects.toThrow(EspalierError);
    expect(existsSync(server.to)).toBe(false);
  });

  it('that is too large is given up at once if it says so, and while it comes if it does not', async () => {
    server.answers = [good];
    await expect(download(`${server.url}/f`, { to: server.to, maximumBytes: 1000 })).rejects.toThrow(DataTooLargeError);
    server.answers = [
      (_, response) => {
        response.writeHead(200);
        response.end(content);
      },
    ];
    await expect(download(`${server.url}/f`, { to: server.to, maximumBytes: 1000 })).rejects.toThrow(DataTooLargeError);
    expect(filesBeside(server)).toEqual([]);
  });
});

describe('a server in trouble', () => {
  it('is asked again after a 503', async () => {
    server.answers = [send(503, { 'retry-after': '0' }), good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expectWholeFile(server);
  });

  it('is not asked again after a 404', async () => {
    server.answers = [send(404)];
    await expect(download(`${server.url}/f`, { to: server.to, ...quick })).rejects.toThrow(
      'the server answered 404 Not Found',
    );
    expect(server.requests.length).toBe(1);
    expect(existsSync(server.to)).toBe(false);
  });

  it('that stays silent is given up after the idle time', async () => {
    server.answers = [() => undefined, good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick, idleSeconds: 0.2 });
    expectWholeFile(server);
  });

  it('that is not there is a coded error with the network reason', async () => {
    await server.stop();
    const attempt = download(`${server.url}/f`, { to: server.to, ...quick });
    await expect(attempt).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
