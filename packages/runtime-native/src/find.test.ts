import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Addon, NativeInstructions } from './addon.js';
import { findNativeKernels, type Places } from './find.js';

const folder = mkdtempSync(join(tmpdir(), 'espalier-find-'));
const empty = mkdtempSync(join(tmpdir(), 'espalier-find-'));
writeFileSync(join(folder, 'here.node'), 'this is no library');
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(empty, { recursive: true });
});

const addon = (...sets: NativeInstructions[]): Addon => ({
  instructionSets: () => sets,
  open: () => ({ kernels: {}, check: () => undefined, move: () => undefined }),
});

/** Places where nothing is; `require` fails the test. */
const nowhere: Places = {
  built: empty,
  platform: 'here',
  require: path => expect.unreachable(`${path} was loaded`),
  resolve: name => {
    throw new Error(`Cannot find module '${name}'`);
  },
};

describe('native kernels', () => {
  it('are those that were built here, before those of a package', () => {
    const own = addon('avx512', 'avx2');
    const loaded: string[] = [];
    const found = findNativeKernels({
      ...nowhere,
      built: folder,
      require: path => {
        loaded.push(path);
        return own;
      },
      resolve: () => '/elsewhere/kernels.node',
    });
    expect(loaded).toEqual([`${folder}/here.node`]);
    expect(found).toEqual({ kernels: { file: `${folder}/here.node`, ...own } });
  });

  it("are otherwise those of this platform's package", () => {
    const own = addon('neon');
    const asked: string[] = [];
    const found = findNativeKernels({
      ...nowhere,
      require: path => (path === '/modules/kernels.node' ? own : undefined),
      resolve: name => {
        asked.push(name);
        return '/modules/kernels.node';
      },
    });
    expect(asked).toEqual(['@espalier/runtime-native-here/kernels.node']);
    expect(found).toEqual({ kernels: { file: '/modules/kernels.node', ...own } });
  });

  it('are none where nothing was built or installed, and the reason names the package', () => {
    expect(findNativeKernels(nowhere)).toEqual({
      reason: 'there is no @espalier/runtime-native-here, and nothing was built here',
    });
  });

  it('are none where the file is no addon', () => {
    const found = findNativeKernels({ ...nowhere, built: folder, require: createRequire(import.meta.url) });
    expect(found).toEqual({ reason: expect.stringMatching(/^its addon cannot be loaded \(Error: .*here\.node/) });
  });

  it('are none where the addon is another one', () => {
    const found = findNativeKernels({ ...nowhere, built: folder, require: () => ({}) });
    expect(found).toEqual({ reason: expect.stringContaining('its addon cannot be loaded (TypeError') });
  });

  it('are none where the processor has none of their instructions', () => {
    const found = findNativeKernels({ ...nowhere, built: folder, require: () => addon() });
    expect(found).toEqual({ reason: 'this processor has neither AVX2 nor NEON' });
  });

  it('are looked for here unless told, without throwing', () => {
    const found = findNativeKernels();
    if ('reason' in found) expect(found.reason.length).toBeGreaterThan(10);
    else expect(['avx512', 'avx2', 'neon']).toContain(found.kernels.instructionSets()[0]);
  });
});
