import type { Plan } from '@espalier/runtime';
import type { Candidate } from './candidate.js';
import { exampleInput } from './example-input.js';

const WHAT: Readonly<Record<'sparse' | 'dense', string>> = {
  sparse: '@espalier/runtime, the sparse network',
  dense:
    '@espalier/runtime, the same network with a value too small to matter in place of every zero of the prunable weights, ' +
    'so that the same kernels do all the work',
};

/** A plan with its input. */
export function planCandidate(name: 'sparse' | 'dense', plan: Plan, batch: number): Candidate {
  const input = exampleInput(plan.inputShape, batch);
  const { threads, flopDensity } = plan.summary;
  return {
    name,
    what: WHAT[name],
    threads,
    flopDensity,
    run: () => plan.run(input, { batch }),
    dispose: () => plan.dispose(),
  };
}
