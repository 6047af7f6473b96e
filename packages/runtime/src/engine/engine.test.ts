import { setFlagsFromString } from 'node:v8';
import { describe, expect, it, test } from 'vitest';
import { HeapFullError, SimdUnavailableError } from '../errors.js';
import { createHeap } from './heap.js';
import { compileKernels, loadEngine } from './load.js';
import { detectInstructions, moduleBytes, supports } from './module.js';
import { startedWide } from './revectorize.js';
import { kernelNamed } from './run-command.js';

describe('a heap', () => {
  it('gives zeroed addresses that do not overlap, on cache lines, also while it grows', () => {
    const heap = createHeap();
    let end = 0;
    for (const bytes of [4, 100, 0, 70_000, 1_000_000, 64]) {
      const address = heap.allocate(bytes);
      expect(address % 64).toBe(0);
      expect(address).toBeGreaterThanOrEqual(Math.max(end, 1));
      expect(heap.floats(address, bytes / 4).every(value => value === 0)).toBe(true);
      heap.floats(address, bytes / 4).fill(1);
      end = address + bytes;
    }
  });

  it('says so when it is full, and can be used on', () => {
    const heap = createHeap({ maximumBytes: 131_072 });
    expect(() => heap.allocate(200_000)).toThrow(HeapFullError);
    expect(heap.integers(heap.allocate(40_000), 10_000).length).toBe(10_000);
  });

  it.each([1000, 0])('takes what there is where the address space has room for %i pages only', room => {
    const { Memory } = WebAssembly;
    WebAssembly.Memory = class extends Memory {
      constructor(limits: WebAssembly.MemoryDescriptor) {
        if ((limits.maximum ?? 65_536) > room) throw new RangeError('could not allocate memory');
        super(limits);
      }
    };
    try {
      if (room === 0) expect(() => createHeap({ shared: true })).toThrow(HeapFullError);
      // 2 GiB are 32,768 pages; of their halves 512 is the first that fits.
      else {
        const { allocate } = createHeap({ shared: true });
        expect(() => allocate(513 * 65_536)).toThrow(HeapFullError);
        expect(allocate(500 * 65_536)).toBeGreaterThan(0);
      }
    } finally {
      WebAssembly.Memory = Memory;
    }
  });

  it('grows by parts of its size, so that many small pieces do not make it grow often', () => {
    const { memory, allocate } = createHeap();
    const sizes = new Set<number>();
    for (let piece = 0; piece < 10_000; piece++) {
      allocate(4096);
      sizes.add(memory.buffer.byteLength);
    }
    // 625 pages; from 8 pages on it grows by an eighth or more: 8 steps, and log(625 / 8) / log(9 / 8) = 37 more.
    expect(sizes.size).toBeLessThan(46);
    expect(memory.buffer.byteLength).toBeLessThan((9 / 8) * 41_000_000 + 2 * 65_536);
  });

  it('gives out its last page although it could not grow by more', () => {
    const maximumBytes = 20 * 65_536;
    const { memory, allocate } = createHeap({ maximumBytes });
    // 1024 bytes lie before the first piece and 4096 after the last: (20 · 65,536 − 5,120) / 4096 = 318.75.
    for (let piece = 0; piece < 318; piece++) allocate(4096);
    expect(memory.buffer.byteLength).toBe(maximumBytes);
    expect(() => allocate(4096)).toThrow(HeapFullError);
  });
});

describe('an engine', () => {
  it('takes relaxed SIMD where there is some, and plain SIMD otherwise', () => {
    const best = startedWide() ? 'relaxed-simd-256' : supports('relaxed-simd') ? 'relaxed-simd' : 'simd';
    expect(detectInstructions()).toBe(best);
  });

  it('is refused where its instructions are missing', async () => {
    setFlagsFromString('--no-experimental-wasm-relaxed-simd');
    // Engines that always have relaxed SIMD cannot show this.
    if (!supports('relaxed-simd')) {
      await expect(loadEngine({ instructions: 'relaxed-simd' })).rejects.toThrow(SimdUnavailableError);
    }
    expect(supports('simd')).toBe(true);
  });

  test.each([true, false])('has every kernel over memory that is shared: %s', async shared => {
    const engine = await loadEngine({ shared, instructions: 'simd' });
    expect(engine.heap.memory.buffer instanceof SharedArrayBuffer).toBe(shared);
    expect(kernelNamed(engine, 'convolution')).toBeTypeOf('function');
    expect(() => kernelNamed(engine, 'nothing')).toThrow(RangeError);
  });

  it('has a module for other threads that runs over the same shared memory', async () => {
    const { heap } = await loadEngine({ shared: true, instructions: 'simd' });
    const module = await compileKernels('simd', true);
    expect(() => new WebAssembly.Instance(module, { env: { memory: heap.memory } })).not.toThrow();
    const unshared = await compileKernels('simd', false);
    expect(() => new WebAssembly.Instance(unshared, { env: { memory: heap.memory } })).toThrow(WebAssembly.LinkError);
  });

  it('has modules that own no memory of their own: they import it and write nothing when they start', () => {
    for (const instructions of ['simd', 'relaxed-simd'] as const) {
      const sections = sectionsOf(moduleBytes(instructions, false));
      expect(sections).toContain(2);
      expect(sections).not.toContain(8);
      expect(sections).not.toContain(11);
    }
  });
});

/** Ids of the sections of a module: 2 imports, 8 start, 11 data. */
function sectionsOf(bytes: Uint8Array): readonly number[] {
  const sections: number[] = [];
  for (let at = 8; at < bytes.length; ) {
    sections.push(bytes[at++]!);
    let [length, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++]!;
      length |= (byte & 127) << shift;
      shift += 7;
      if (byte < 128) break;
    }
    at += length;
  }
  return sections;
}
