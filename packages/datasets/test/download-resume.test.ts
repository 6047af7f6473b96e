import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DownloadError } from '../src/node/errors.js';
import { download } from '../src/node/fetch/download.js';
import {
  type Answer,
  content,
  dropAfter,
  expectWholeFile,
  filesBeside,
  good,
  hangUpAfter,
  md5,
  partOf,
  send,
  serveEachTest,
  server,
} from './download-server.js';

serveEachTest();

const quick = { retrySeconds: 0.001, attempts: 4 };

describe('a dropped connection', () => {
  it('is taken up where it ended, as often as it takes', async () => {
    server.answers = [dropAfter(1000), dropAfter(50_000), good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expectWholeFile(server);
    expect(server.requests.map(request => request.headers.range)).toEqual([undefined, 'bytes=1000-', 'bytes=51000-']);
    expect(server.requests[1]!.headers['if-range']).toBe('"v1"');
  });

  it('is taken up without a checksum too if the server named its version', async () => {
    server.answers = [dropAfter(1000), good];
    await download(`${server.url}/f`, { to: server.to, ...quick });
    expect(server.requests[1]!.headers.range).toBe('bytes=1000-');
    expectWholeFile(server);
  });

  it('starts again if neither a checksum nor a version says that the rest would fit', async () => {
    server.answers = [dropAfter(1000, {}), good];
    await download(`${server.url}/f`, { to: server.to, ...quick });
    expect(server.requests[1]!.headers.range).toBeUndefined();
    expectWholeFile(server);
  });

  it('starts again if the server ignores ranges', async () => {
    server.answers = [dropAfter(1000), send(200, { 'content-length': content.length }, content)];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expectWholeFile(server);
  });

  it('starts again if the file has changed meanwhile, even without a checksum', async () => {
    const changed = Buffer.alloc(5000, 7);
    server.answers = [dropAfter(1000), send(200, { 'content-length': changed.length, etag: '"v2"' }, changed)];
    await download(`${server.url}/f`, { to: server.to, ...quick });
    expect(readFileSync(server.to).equals(changed)).toBe(true);
  });

  it('starts again if the server sends another range than asked for', async () => {
    const wrong = send(206, { 'content-range': `bytes 5-9/${content.length}`, 'content-length': 5 }, 'abcde');
    server.answers = [dropAfter(1000), wrong, good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expectWholeFile(server);
  });

  it('starts again if the first bytes turn out to be of another file', async () => {
    const foreign: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(Buffer.alloc(1000, 9), () => hangUpAfter(response, 1000));
    };
    server.answers = [foreign, good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expect(server.requests.map(request => request.headers.range)).toEqual([undefined, 'bytes=1000-', undefined]);
    expectWholeFile(server);
  });

  it('after the last byte is found to be complete by a 416', async () => {
    const withoutLength: Answer = (_, response) => {
      response.writeHead(200, { etag: '"v1"' });
      response.write(content, () => hangUpAfter(response, content.length));
    };
    server.answers = [withoutLength, good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expect(server.requests[1]!.headers.range).toBe(`bytes=${content.length}-`);
    expectWholeFile(server);
  });

  it('starts again at a 416 that says the file is shorter than what is there', async () => {
    server.answers = [dropAfter(1000), send(416, { 'content-range': 'bytes */10' }), good];
    await download(`${server.url}/f`, { to: server.to, md5, ...quick });
    expectWholeFile(server);
  });

  it('for good is an error after the last attempt; the next call goes on, also at another address', async () => {
    server.answers = [dropAfter(1000)];
    await expect(download(`${server.url}/f`, { to: server.to, md5, ...quick })).rejects.toThrow(DownloadError);
    expect(server.requests.length).toBe(4);
    expect(existsSync(server.to)).toBe(false);
    server.answers = [good];
    await download(`${server.url}/mirror`, { to: server.to, md5, ...quick });
    expect(server.requests[4]!.headers.range).toBe('bytes=4000-');
    expectWholeFile(server);
  });

  it('leaves a part that another process takes over once its own has ended', async () => {
    server.answers = [good];
    await download(`${server.url}/f`, { to: join(server.directory, 'deep', 'other'), md5 });
    rmSync(join(server.directory, 'deep', 'other'));
    // No process has a number above 4,194,304, the most that Linux gives out.
    const orphan = partOf(server, 99_999_999);
    writeFileSync(orphan, content.subarray(0, 7000));
    writeFileSync(`${orphan}.json`, JSON.stringify({ url: `${server.url}/f`, validator: '"v1"' }));
    await download(`${server.url}/f`, { to: server.to });
    expect(server.requests[1]!.headers.range).toBe('bytes=7000-');
    expectWholeFile(server);
  });

  it('of a process that is alive is left alone', async () => {
    server.answers = [good];
    await download(`${server.url}/f`, { to: join(server.directory, 'deep', 'other'), md5 });
    writeFileSync(partOf(server, process.ppid), content.subarray(0, 7000));
    await download(`${server.url}/f`, { to: server.to, md5 });
    expect(server.requests[1]!.headers.range).toBeUndefined();
    expect(filesBeside(server)).toContain(basename(partOf(server, process.ppid)));
  });
});
