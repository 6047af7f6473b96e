import type { Kernel } from '../../engine/kernel.js';
import type { ControlLayout } from './control-block.js';

/**
 * Does this thread's part of a run: of every command from `from` on it takes shares until none are left, then waits
 * until the other threads have done theirs, so that commands run one after the other.
 *
 * Its text is also sent to the workers. It must therefore use nothing but its arguments and globals.
 *
 * @param patience - How often to look whether the others are ready before giving up.
 * @returns The command that others have not finished yet, from which to continue, or the end of the run.
 */
export function takePart(
  layout: ControlLayout,
  words: Int32Array,
  kernels: readonly Kernel[],
  scratch: number,
  from: number,
  patience: number,
): number {
  const end = words[layout.end] as number;
  for (let command = from; command < end; command++) {
    const at = layout.table + command * layout.stride;
    const kernel = kernels[words[at] as number] as Kernel;
    const record = words[at + 1] as number;
    const items = words[at + 2] as number;
    const share = words[at + 3] as number;
    for (;;) {
      const first = Atomics.add(words, at + 4, share);
      if (first >= items) break;
      const last = Math.min(first + share, items);
      kernel(record, first, last, scratch);
      const done = Atomics.add(words, at + 5, last - first) + last - first;
      if (done === items && Atomics.load(words, layout.sleepers) > 0) Atomics.notify(words, at + 5);
    }
    let polls = 0;
    while (Atomics.load(words, at + 5) !== items) {
      polls += 1;
      if (polls === patience) return command;
    }
  }
  return end;
}
