import type { FullFinetuneEvent, LinearProbeEvent } from '@espalier/transfer';
import type { Progress } from '../output/progress.js';
import { median } from '../speed/numbers.js';

/** Hears of a transfer, shows how it goes, and takes the time of its epochs. */
export interface TransferWatch {
  /** To be awaited: lets signals arrive. */
  readonly onEvent: (event: LinearProbeEvent | FullFinetuneEvent) => Promise<void>;
  /** Median seconds from one scored epoch to the next of the same seed; `null` if there were no two. */
  readonly epochSeconds: () => number | null;
}

/** Ten lines a run and five a part of the task are enough. */
export function watchTransfer(progress: Progress, epochs: number): TransferWatch {
  const seconds: number[] = [];
  let last: { readonly seed: number; readonly at: number } | undefined;
  let fifths = 0;
  const show = (event: LinearProbeEvent | FullFinetuneEvent): void => {
    if (event.type === 'features') {
      const { part, done, total } = event;
      const reached = Math.floor((5 * done) / total);
      if (reached !== fifths) progress.line(`Features of ${done} of ${total} ${part} images`);
      fifths = reached % 5;
      return;
    }
    const { seed, score } = event;
    const at = performance.now();
    if (last?.seed === seed) seconds.push((at - last.at) / 1000);
    const number = score.epoch + 1;
    if (number === epochs || number % Math.ceil(epochs / 10) === 0) {
      const [top1, perClass] = [score.top1, score.meanPerClass].map(fraction => `${(100 * fraction).toFixed(2)} %`);
      const loss = score.loss.toFixed(4);
      progress.line(`seed ${seed}, epoch ${number} of ${epochs}: top-1 ${top1}, per class ${perClass}, loss ${loss}`);
    }
    last = { seed, at: performance.now() };
  };
  return {
    epochSeconds: () => (seconds.length === 0 ? null : median(seconds)),
    onEvent: async event => {
      show(event);
      await new Promise<void>(resolve => setImmediate(resolve));
    },
  };
}
