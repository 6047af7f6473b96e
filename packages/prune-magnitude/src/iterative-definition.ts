import { type MethodDefinition, numberIn, type ScheduleData, type TrainingRun } from '@espalier/core';
import { iterativeMagnitude } from './iterative.js';
import { type IterativeMagnitudeOptions, iterativeRules } from './iterative-options.js';

/** Steps of dense training: two thirds of the run. A trained network had them before, as long as the run. */
function denseStepsOf({ steps, trained }: TrainingRun): number {
  return trained ? steps : Math.max(1, Math.round((2 / 3) * steps));
}

function warmUpOf(rate: ScheduleData): number {
  return typeof rate === 'number' ? 0 : (rate.warmUp ?? 0);
}

/** Dense training and phases of retraining share the steps of the run. */
export const iterativeDefinition: MethodDefinition<IterativeMagnitudeOptions> = {
  name: 'iterative',
  summary: 'Cuts the smallest weights in phases, each followed by retraining',
  source: 'Zimmer et al. 2023, arXiv:2111.00843',
  rules: iterativeRules,
  notes: {
    sparsity: { summary: 'fraction of the prunable weights that is masked after the last phase' },
    phases: { summary: 'cuts, each followed by retraining', source: '3; 1 is one-shot pruning with retraining' },
    denseSchedule: { summary: 'learning rate of dense training, from which retraining takes its own' },
    denseSteps: { summary: 'steps of dense training', source: 'two thirds of the run' },
    denseWarmUp: { summary: 'steps of warm-up in it' },
    start: { summary: 'steps of this run before the first cut', source: 'denseSteps; 0 for a trained network' },
    retrainSteps: { summary: 'steps of retraining: total, perPhase or a list', source: 'what is left of the run' },
    retraining: { summary: 'learning rate of each phase', source: 'adaptive-linear-restart (ALLR), section 3' },
    distribution: { summary: 'how the sparsity is spread over the layers' },
  },
  defaults: (run, given) => {
    const denseSteps = numberIn(given, 'denseSteps') ?? denseStepsOf(run);
    const denseSchedule = run.rateOver(denseSteps);
    const start = numberIn(given, 'start') ?? (run.trained ? 0 : denseSteps);
    return {
      sparsity: run.sparsity,
      phases: 3,
      denseSchedule: denseSchedule as never,
      denseSteps,
      denseWarmUp: Math.min(warmUpOf(denseSchedule), Math.max(0, denseSteps - 1)),
      start,
      retrainSteps: { total: Math.max(0, run.steps - start) },
      retraining: 'adaptive-linear-restart',
      distribution: 'global',
    };
  },
  create: iterativeMagnitude,
  plan: ({ denseSteps }, { steps }) => ({ positions: steps, rateOver: denseSteps }),
};
