import type { TrainingEvent } from '@espalier/trainer';
import { scoresOf } from '../loss/format-evaluation.js';
import type { Progress } from '../output/progress.js';

/** Passes a run's events on to whoever watches. */
export function showEvents(progress: Progress, sparsity: () => number): (event: TrainingEvent) => void {
  return event => {
    if (event.type === 'step') progress.step(event.clock.step, event.loss, sparsity());
    if (event.type === 'evaluation') {
      const { loss } = event.evaluation;
      const scores = [...scoresOf(event.evaluation), `loss ${loss.toFixed(4)}`].join(', ');
      progress.line(`step ${event.clock.position}: ${scores}, pruned ${(100 * event.sparsity).toFixed(2)} %`);
    }
  };
}
