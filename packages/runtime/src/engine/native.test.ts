import { describe, expect, it } from 'vitest';
import type { NativeChoice } from './engine.js';
import { createHeap } from './heap.js';
import { openNative } from './native.js';

/** Kernels that note what is done with them. */
function noting(): { readonly choice: NativeChoice; readonly notes: string[] } {
  const notes: string[] = [];
  const note = (said: string): void => void notes.push(said);
  const kernels = {
    file: '/kernels.node',
    instructionSets: () => ['avx2' as const],
    open: (instructions: string, memory: Uint8Array) => {
      note(`open ${instructions} ${memory.length}`);
      return {
        kernels: { convolution: (...words: number[]) => note(`convolution ${words.join(' ')}`) },
        check: (...words: unknown[]) => {
          note(`check ${words.join(' ')}`);
          return words[1] === 4 ? 'wrong' : undefined;
        },
        move: (memory: Uint8Array) => note(`move ${memory.length}`),
      };
    },
  };
  return { choice: { kernels, instructions: 'avx2' }, notes };
}

const PAGE = 65_536;

describe('native kernels over a memory', () => {
  it.each([false, true])('hear once that it has grown, before anything else is done (shared: %s)', shared => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 4, shared });
    const { choice, notes } = noting();
    const { kernels, check } = openNative(choice, { memory, allocate: () => 4096 });
    kernels.convolution?.(64, 0, 2, 128);
    memory.grow(1);
    expect(check({ kernel: 'convolution', record: 4, items: 3, scratch: 0 }, 192)).toBe('wrong');
    kernels.convolution?.(64, 0, 2, 128);
    memory.grow(2);
    kernels.convolution?.(64, 2, 4, 128);
    expect(check({ kernel: 'convolution', record: 8, items: 3, scratch: 0 }, 192)).toBeUndefined();
    expect(notes).toEqual([
      `open avx2 ${PAGE}`,
      'convolution 64 0 2 128',
      `move ${2 * PAGE}`,
      'check convolution 4 3 192 4096',
      'convolution 64 0 2 128',
      `move ${4 * PAGE}`,
      'convolution 64 2 4 128',
      'check convolution 8 3 192 4096',
    ]);
  });

  it('are named', () => {
    const { choice } = noting();
    const { names, choice: kept } = openNative(choice, createHeap());
    expect([...names]).toEqual(['convolution']);
    expect(kept).toBe(choice);
  });
});
