import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { spawn } from './spawn.js';

/** What a browser's worker is made of. */
class FakeWorker {
  static last: FakeWorker | undefined;
  readonly messages: unknown[] = [];
  ended = false;
  onmessage: ((event: { data: unknown }) => void) | undefined;
  onmessageerror: (() => void) | undefined;
  onerror: ((event: { message: string }) => void) | undefined;

  constructor(readonly url: string) {
    FakeWorker.last = this;
  }

  postMessage(message: unknown): void {
    this.messages.push(message);
  }

  terminate(): void {
    this.ended = true;
  }
}

class ForbiddenWorker {
  constructor() {
    throw new Error('worker-src');
  }
}

describe('in a browser, a worker', () => {
  const revoked: string[] = [];

  beforeEach(() => {
    revoked.length = 0;
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(url => {
      revoked.push(url);
    });
    vi.stubGlobal('Worker', FakeWorker);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it('is started from a blob, takes its order, and gives the blob back when it is ended', async () => {
    const heard: unknown[] = [];
    const thread = spawn('1', { said: message => heard.push(message), ended: reason => heard.push(reason) });
    const worker = FakeWorker.last as FakeWorker;
    thread.start('order');
    worker.onmessage?.({ data: 'ready' });
    thread.unref();
    expect([worker.messages, heard, revoked, worker.ended]).toEqual([['order'], ['ready'], [], false]);
    expect(worker.url).toMatch(/^blob:/);
    await thread.terminate();
    expect([revoked, worker.ended]).toEqual([[worker.url], true]);
  });

  it('that fails says why it ended', () => {
    const reasons: string[] = [];
    spawn('1', { said: () => undefined, ended: reason => reasons.push(reason) });
    const worker = FakeWorker.last as FakeWorker;
    worker.onerror?.({ message: 'out of memory' });
    worker.onerror?.({ message: '' });
    worker.onmessageerror?.();
    expect(reasons).toEqual([
      'out of memory',
      'its script was not allowed to load',
      'a message to it could not be read',
    ]);
  });

  it('that may not be started gives its blob back', () => {
    vi.stubGlobal('Worker', ForbiddenWorker);
    expect(() => spawn('1', { said: () => undefined, ended: () => undefined })).toThrow('worker-src');
    expect(revoked).toEqual([expect.stringMatching(/^blob:/)]);
  });
});
