import { existsSync } from 'node:fs';
import { InvalidOptionError } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { download } from '../src/node/fetch/download.js';
import { content, expectWholeFile, good, md5, serveEachTest, server } from './download-server.js';

serveEachTest();

describe('the caller', () => {
  it('can stop it; what has arrived is used by the next call', async () => {
    const controller = new AbortController();
    server.answers = [
      (_, response) => {
        response.writeHead(200, { 'content-length': content.length, etag: '"v1"' });
        response.write(content.subarray(0, 2000));
      },
      good,
    ];
    const onProgress = ({ received }: { received: number }): void => {
      if (received === 2000) controller.abort(new Error('enough'));
    };
    await expect(
      download(`${server.url}/f`, { to: server.to, md5, onProgress, signal: controller.signal }),
    ).rejects.toThrow('enough');
    expect(existsSync(server.to)).toBe(false);
    await download(`${server.url}/f`, { to: server.to, md5 });
    expect(server.requests[1]!.headers.range).toBe('bytes=2000-');
    expectWholeFile(server);
  });

  it('can stop it in a pause between attempts', async () => {
    const controller = new AbortController();
    server.answers = [
      (_, response) => {
        response.writeHead(503).end();
        setTimeout(() => controller.abort(new Error('enough')), 50);
      },
    ];
    const attempt = download(`${server.url}/f`, { to: server.to, retrySeconds: 30, signal: controller.signal });
    await expect(attempt).rejects.toThrow('enough');
  });

  it('hears of an exception in its own callback, once', async () => {
    server.answers = [good];
    const onProgress = (): void => {
      throw new TypeError('mine');
    };
    await expect(download(`${server.url}/f`, { to: server.to, md5, onProgress })).rejects.toThrow('mine');
    expect(server.requests.length).toBe(1);
  });

  it.each([
    ['attempts', { attempts: 0 }],
    ['retrySeconds', { retrySeconds: -1 }],
    ['idleSeconds', { idleSeconds: 0 }],
  ])('is told of a wrong %s', async (_, options) => {
    await expect(download(`${server.url}/f`, { to: server.to, ...options })).rejects.toThrow(InvalidOptionError);
  });

  it.each(['file:///etc/passwd', 'nonsense', ''])('cannot fetch %j', async url => {
    await expect(download(url, { to: server.to })).rejects.toThrow(InvalidOptionError);
  });
});
