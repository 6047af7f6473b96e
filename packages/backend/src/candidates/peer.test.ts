import { describe, expect, it } from 'vitest';
import { importNodePeer, importPeer, oneLine } from './peer.js';

describe('importPeer', () => {
  it('gives the module when the import works', async () => {
    expect(await importPeer('x', async () => ({ answer: 42 }))).toEqual({ ok: true, module: { answer: 42 } });
  });

  it('gives the exports themselves where a bundler wraps CommonJS in a default export', async () => {
    expect(await importPeer('x', async () => ({ default: { answer: 42 } }))).toEqual({
      ok: true,
      module: { answer: 42 },
    });
  });

  it('says that a package is not installed when Node cannot find it', async () => {
    expect(await importNodePeer('@espalier/surely-absent')).toEqual({
      ok: false,
      reason: '@espalier/surely-absent is not installed',
    });
  });

  it('does not call a package absent when a dependency of it is', async () => {
    const missing = Object.assign(new Error("Cannot find package 'progress' imported from /a/tfjs-node/index.js"), {
      code: 'ERR_MODULE_NOT_FOUND',
    });
    const imported = await importPeer('@tensorflow/tfjs-node', () => Promise.reject(missing));
    expect(imported).toEqual({
      ok: false,
      reason:
        "importing @tensorflow/tfjs-node failed: Cannot find package 'progress' imported from /a/tfjs-node/index.js",
    });
  });

  it('keeps the first line of the message of a broken package', async () => {
    const imported = await importPeer('x', () =>
      Promise.reject(new Error('libcuda.so.1: cannot open\nRequire stack:\n- a')),
    );
    expect(imported).toEqual({ ok: false, reason: 'importing x failed: libcuda.so.1: cannot open' });
  });
});

describe('oneLine', () => {
  it('cuts at 300 characters', () => {
    expect(oneLine('a'.repeat(1000))).toHaveLength(300);
  });

  it('drops the closing full stop, because a sentence goes around it', () => {
    expect(oneLine(new Error('Broken. '))).toBe('Broken');
  });
});
