import type { Heap, NativeChoice, NativeEngine } from './engine.js';
import type { Kernel } from './kernel.js';

/** Native kernels over a heap, which may grow. Scratch memory is to be allocated after commands have been checked. */
export function openNative(
  choice: NativeChoice,
  { memory, allocate }: Pick<Heap, 'memory' | 'allocate'>,
): NativeEngine & { readonly kernels: Readonly<Record<string, Kernel>> } {
  let { buffer } = memory;
  const opened = choice.kernels.open(choice.instructions, new Uint8Array(buffer));
  const follow = (): void => {
    if (memory.buffer === buffer) return;
    buffer = memory.buffer;
    opened.move(new Uint8Array(buffer));
  };
  const following =
    (kernel: Kernel): Kernel =>
    (record, begin, end, scratch) => {
      follow();
      kernel(record, begin, end, scratch);
    };
  return {
    choice,
    names: new Set(Object.keys(opened.kernels)),
    kernels: Object.fromEntries(Object.entries(opened.kernels).map(([name, kernel]) => [name, following(kernel)])),
    check({ kernel, record, items }, scratch) {
      follow();
      return opened.check(kernel, record, items, scratch, allocate(0));
    },
  };
}
