import type { TrainingEvent } from '@espalier/trainer';
import type { Progress } from '../output/progress.js';

/** Passes a run's events on to whoever watches. */
export function showEvents(progress: Progress, sparsity: () => number): (event: TrainingEvent) => void {
  return event => {
    if (event.type === 'step') progress.step(event.clock.step, event.loss, sparsity());
    if (event.type === 'evaluation') {
      const { loss, accuracy } = event.evaluation;
      const [right, pruned] = [accuracy, event.sparsity].map(fraction => `${(100 * fraction).toFixed(2)} %`);
      progress.line(`step ${event.clock.position}: accuracy ${right}, loss ${loss.toFixed(4)}, pruned ${pruned}`);
    }
  };
}
