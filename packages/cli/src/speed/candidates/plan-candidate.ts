import type { Plan } from '@espalier/runtime';
import type { Candidate } from './candidate.js';
import { exampleInputs, joined } from './example-input.js';

const WHAT: Readonly<Record<'sparse' | 'dense', string>> = {
  sparse: '@espalier/runtime, the sparse network',
  dense:
    '@espalier/runtime, the same network with a value too small to matter in place of every zero of the prunable weights, ' +
    'so that the same kernels do all the work',
};

/** A plan with its inputs. */
export function planCandidate(name: 'sparse' | 'dense', plan: Plan, batch: number): Candidate {
  const inputs = exampleInputs(plan.inputs, batch);
  const { threads, flopDensity } = plan.summary;
  return {
    name,
    what: WHAT[name],
    threads,
    flopDensity,
    run: async () => {
      const results = await plan.runNamed(inputs, { batch });
      return joined(plan.outputs.map(({ name }) => results[name] as Float32Array));
    },
    dispose: () => plan.dispose(),
  };
}
