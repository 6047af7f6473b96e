import { findNativeKernels } from '@espalier/runtime-native';
import { describe, expect, it, test } from 'vitest';
import { detectInstructions } from '../engine/module.js';
import type { FoundKernels, NativeInstructions } from '../engine/native-kernels.js';
import { chooseEngine } from './engine-choice.js';
import { type CompileOptions, resolveOptions } from './options.js';

/** Kernels of a processor with these instruction sets. */
const processor =
  (...sets: NativeInstructions[]): (() => Promise<FoundKernels>) =>
  async () => ({
    kernels: {
      file: '/kernels.node',
      instructionSets: () => sets,
      open: () => ({ kernels: {}, check: () => undefined, move: () => undefined }),
    },
  });

const nothing = async (): Promise<FoundKernels> => ({ reason: 'nothing was built' });

const unasked = async (): Promise<FoundKernels> => expect.unreachable('native kernels were looked for');

const choose = (options: CompileOptions, find: () => Promise<FoundKernels>): ReturnType<typeof chooseEngine> =>
  chooseEngine(resolveOptions({ engine: 'auto', ...options }), false, find);

describe('the engine', () => {
  test.each<[CompileOptions, NativeInstructions]>([
    [{}, 'avx512'],
    [{ engine: 'native' }, 'avx512'],
    [{ instructions: 'avx2' }, 'avx2'],
    [{ engine: 'native', instructions: 'avx2' }, 'avx2'],
    [{ lanes: 224 }, 'avx512'],
    [{ lanes: 56, instructions: 'avx2' }, 'avx2'],
    [{ lanes: 56 }, 'avx2'],
  ])('is native where there are kernels: %o has those of %s', async (options, instructions) => {
    const chosen = await choose(options, processor('avx512', 'avx2'));
    expect(chosen.native?.instructions).toBe(instructions);
    expect(chosen.passedOver).toBeUndefined();
    // What has no native kernel is computed by the best ones of WebAssembly.
    expect(chosen.instructions).toBe(detectInstructions());
  });

  test.each<[CompileOptions, () => Promise<FoundKernels>, string]>([
    [{ engine: 'wasm' }, unasked, "`engine: 'wasm'` was asked for"],
    [{ instructions: 'simd' }, unasked, "`instructions: 'simd'` was asked for"],
    [{}, nothing, 'nothing was built'],
    [{}, processor(), 'this processor has no known instructions'],
    [{ lanes: 28 }, processor('avx512', 'avx2'), 'its kernels for avx512 and avx2 have no tiles of 28'],
  ])('is that of WebAssembly for %o, and says why', async (options, find, reason) => {
    const { native, passedOver, instructions } = await choose(options, find);
    expect(native).toBeUndefined();
    expect(passedOver).toBe(reason);
    expect(instructions).toBe(options.instructions ?? detectInstructions());
  });

  test.each<[CompileOptions, () => Promise<FoundKernels>, string]>([
    [{ engine: 'native' }, nothing, 'nothing was built'],
    [{ engine: 'native' }, processor(), 'this processor has no known instructions'],
    [{ engine: 'native', instructions: 'simd' }, unasked, "`instructions: 'simd'` was asked for"],
    [{ engine: 'native', lanes: 28 }, processor('avx2'), 'its kernels for avx2 have no tiles of 28'],
    [{ engine: 'wasm', instructions: 'avx2' }, unasked, "`engine: 'wasm'` was asked for"],
    [{ engine: 'wasm', lanes: 112 }, unasked, "`engine: 'wasm'` was asked for"],
    [{ instructions: 'avx512' }, processor('avx2'), 'this processor has no avx512'],
    [{ instructions: 'neon' }, nothing, 'nothing was built'],
    [{ lanes: 112 }, nothing, 'nothing was built'],
    [{ lanes: 224 }, processor('avx2'), 'its kernels for avx2 have no tiles of 224'],
  ])('is refused where %o asks for what there is not', async (options, find, reason) => {
    await expect(choose(options, find)).rejects.toMatchObject({
      code: 'NATIVE_KERNELS_UNAVAILABLE',
      reason,
      message: expect.stringMatching(/Install @espalier\/runtime-native .*`engine: 'auto'`/),
    });
  });

  it('is looked for in what the package gives, as the package types it', () => {
    const find: () => FoundKernels = findNativeKernels;
    expect(find).toBeTypeOf('function');
  });
});

describe('ESPALIER_ENGINE', () => {
  const said = (value: string | undefined, options: CompileOptions = {}): string => {
    const before = process.env.ESPALIER_ENGINE;
    try {
      if (value === undefined) delete process.env.ESPALIER_ENGINE;
      else process.env.ESPALIER_ENGINE = value;
      return resolveOptions(options).engine;
    } finally {
      if (before === undefined) delete process.env.ESPALIER_ENGINE;
      else process.env.ESPALIER_ENGINE = before;
    }
  };

  it.each(['auto', 'wasm', 'native'])('is the default of the engine: %s', name => {
    expect(said(name)).toBe(name);
  });

  it('says nothing where it is empty or absent', () => {
    expect(said('')).toBe('auto');
    expect(said(undefined)).toBe('auto');
  });

  it('does not matter where the option is given', () => {
    expect(said('native', { engine: 'wasm' })).toBe('wasm');
  });

  it('is refused by name where it is something else', () => {
    expect(() => said('wsam')).toThrow(expect.objectContaining({ option: 'ESPALIER_ENGINE', value: 'wsam' }));
  });
});
