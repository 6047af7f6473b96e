import type { Kernel } from '../../engine/kernel.js';
import type { NativeAddon, NativeInstructions } from '../../engine/native-kernels.js';
import type { ControlLayout } from './control-block.js';
import type { takePart } from './take-part.js';

/** What a worker is told when it starts. */
export interface WorkOrder {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Names of the kernels that the table of commands counts. */
  readonly kernels: readonly string[];
  /** Address and words of the control block. */
  readonly control: number;
  readonly words: number;
  /** Address of this thread's scratch memory. */
  readonly scratch: number;
  /** The addon whose kernels are taken where it has some, and its instructions. */
  readonly native?: { readonly file: string; readonly instructions: NativeInstructions };
}

/** Loads the addon of native kernels. */
export type LoadAddon = (file: string) => NativeAddon;

/** What a worker says: that it is ready, or that a kernel trapped. */
export type WorkReport = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly reason: string };

/** Sleeps while a word has this value. Its text is sent to the workers, too. */
export function sleepOn(
  layout: ControlLayout,
  words: Int32Array,
  at: number,
  value: number,
  milliseconds: number,
): void {
  Atomics.add(words, layout.sleepers, 1);
  Atomics.wait(words, at, value, milliseconds);
  Atomics.sub(words, layout.sleepers, 1);
}

/**
 * Life of a worker: joins every run until the gate says that it must end. Between runs, and where others are slow, it
 * looks for a while and then sleeps.
 *
 * Its text is sent to the workers. It must therefore use nothing but its arguments and globals, and must not name
 * functions of its own, which bundlers may wrap.
 */
export function work(
  layout: ControlLayout,
  part: typeof takePart,
  sleep: typeof sleepOn,
  order: WorkOrder,
  report: (said: WorkReport) => void,
  load: LoadAddon,
): void {
  const patience = 50_000;
  const instance = new WebAssembly.Instance(order.module, { env: { memory: order.memory } });
  const { native } = order;
  const own =
    native === undefined
      ? {}
      : load(native.file).open(native.instructions, new Uint8Array(order.memory.buffer)).kernels;
  const kernels = order.kernels.map(name => own[name] ?? (instance.exports[name] as unknown as Kernel));
  const words = new Int32Array(order.memory.buffer, order.control, order.words);
  let seen = 0;
  let polls = 0;
  report({ kind: 'ready' });
  for (;;) {
    const gate = Atomics.load(words, layout.gate);
    if (gate === -1) return;
    if (gate === 0 || gate === seen) {
      polls += 1;
      if (polls > patience) sleep(layout, words, layout.gate, gate, Number.POSITIVE_INFINITY);
      continue;
    }
    polls = 0;
    seen = gate;
    Atomics.add(words, layout.active, 1);
    try {
      if (Atomics.load(words, layout.gate) === gate) {
        const end = words[layout.end] as number;
        let command = words[layout.begin] as number;
        while (command < end && Atomics.load(words, layout.failed) === 0) {
          command = part(layout, words, kernels, order.scratch, command, patience);
          if (command === end) break;
          const at = layout.table + command * layout.stride;
          const done = Atomics.load(words, at + 5);
          if (done !== words[at + 2]) sleep(layout, words, at + 5, done, 100);
        }
      }
    } catch (error) {
      Atomics.store(words, layout.failed, 1);
      report({ kind: 'failed', reason: `a kernel trapped (${String(error)})` });
      return;
    } finally {
      Atomics.sub(words, layout.active, 1);
    }
  }
}
