import * as tf from '@tensorflow/tfjs-core';
import type { GradientSum } from '../../../method/gradient-sum.js';
import type { StepView } from '../../../method/step.js';
import type { PruningSession } from '../../../tfjs/session/session.js';
import type { NamedArrays } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import { type ContractRun, type ContractSetup, takeSteps, withSession } from '../run/contract-run.js';
import { type Call, recorded } from '../run/recorder.js';

/** The sums that a session keeps for its method, by kind and weight. */
export async function readSums(session: PruningSession): Promise<NamedArrays> {
  const { sums = [] } = await session.checkpoint();
  return new Map(
    sums.flatMap(({ kind, steps, weights }) =>
      [...weights].map(([name, { values }]) => [`${kind} of ${name} over ${steps} steps`, values] as const),
    ),
  );
}

/** Weights and gradients of the prunable weights before a step, by name. */
type StepArrays = ReadonlyMap<string, { readonly weight: Float32Array; readonly gradient: Float32Array }>;

const termOf: Readonly<Record<GradientSum, (gradient: number, weight: number) => number>> = {
  gradient: gradient => gradient,
  absoluteGradient: Math.abs,
  squaredGradient: gradient => gradient * gradient,
  gradientTimesWeight: (gradient, weight) => gradient * weight,
};

/** Sums on the host. */
class HostSums {
  readonly #sums = new Map<GradientSum, { steps: number; arrays: Map<string, Float32Array> }>();

  add(kinds: readonly GradientSum[], arrays: StepArrays): void {
    for (const kind of kinds) {
      const sum = this.#sums.get(kind) ?? { steps: 0, arrays: new Map<string, Float32Array>() };
      this.#sums.set(kind, sum);
      sum.steps++;
      for (const [name, { weight, gradient }] of arrays) {
        const before = sum.arrays.get(name) ?? new Float32Array(weight.length);
        const add = (value: number, i: number): number =>
          value + Math.fround(termOf[kind](gradient[i] ?? Number.NaN, weight[i] ?? Number.NaN));
        sum.arrays.set(name, before.map(add));
      }
    }
  }

  /** Throws unless the view shows these sums, up to the rounding of the backend. */
  requireShown({ layers, clock, summedSteps }: StepView): void {
    const steps = Object.fromEntries([...this.#sums].map(([kind, sum]) => [kind, sum.steps]));
    const where = `at the decision of step ${clock.step}`;
    for (const [kind, { arrays }] of this.#sums) {
      requireThat(summedSteps?.[kind] === steps[kind], () => {
        return `The sum "${kind}" ${where} has ${summedSteps?.[kind]} steps, not ${steps[kind]}.`;
      });
      for (const { name, sums } of layers) {
        const expected = arrays.get(name) ?? new Float32Array(0);
        const found = sums?.[kind];
        const wrong = expected.findIndex((value, i) => !isClose(found?.[i], value));
        requireThat(found?.length === expected.length && wrong < 0, () => {
          return `The sum "${kind}" of "${name}" ${where} is ${found?.[wrong]} at ${wrong}, not ${expected[wrong]}.`;
        });
      }
    }
  }

  reset(): void {
    this.#sums.clear();
  }
}

/** Gradients of two evaluations of the same loss agree in some five digits, on the least accurate backends too. */
function isClose(found: number | undefined, expected: number): boolean {
  if (found === undefined) return false;
  return Object.is(found, expected) || Math.abs(found - expected) <= 1e-5 * Math.max(1e-3, Math.abs(expected));
}

/** The slow, obvious way: gradients and weights are read before each step, and summed on the host. */
export function sumsAreThoseOfGradients(setup: ContractSetup): Promise<void> {
  const calls: Call[] = [];
  return withSession(setup, { method: recorded(setup.create(), calls) }, async run => {
    const sums = new HostSums();
    for (let step = 0; step < setup.steps; step++) {
      const arrays = await readStep(run);
      await takeSteps(run, 1);
      for (const call of calls.splice(0)) {
        if (call.kind === 'plan') sums.add(call.plan.accumulate ?? [], arrays);
        if (call.kind !== 'decide') continue;
        if (call.view.summedSteps) sums.requireShown(call.view);
        if (call.decision.sums === 'reset') sums.reset();
      }
    }
  });
}

async function readStep({ model }: ContractRun): Promise<StepArrays> {
  const trained = model.weights.filter(({ trainable }) => trainable).map(({ variable }) => variable);
  const { value, grads } = tf.variableGrads(model.loss, trained);
  try {
    const read = model.weights.flatMap(({ name, prunable, variable }) => {
      const gradient = grads[variable.name];
      return prunable && gradient ? [arraysOf(name, variable, gradient)] : [];
    });
    return new Map(await Promise.all(read));
  } finally {
    tf.dispose([value, ...Object.values(grads)]);
  }
}

async function arraysOf(
  name: string,
  variable: tf.Tensor,
  gradients: tf.Tensor,
): Promise<[string, { weight: Float32Array; gradient: Float32Array }]> {
  const [weight, gradient] = await Promise.all([variable.data(), gradients.data()]);
  return [name, { weight: Float32Array.from(weight), gradient: Float32Array.from(gradient) }];
}
