import type { Clock } from '../../../method/clock.js';
import type { Decision } from '../../../method/decision.js';
import type { PruningMethod } from '../../../method/pruning-method.js';
import type { StepPlan, StepView } from '../../../method/step.js';
import { textOfState } from './state-text.js';

/** One question to a method and its answer. */
export type Call =
  | { readonly kind: 'start'; readonly view: StepView; readonly decision: Decision }
  | { readonly kind: 'plan'; readonly clock: Clock; readonly state: string; readonly plan: StepPlan }
  | { readonly kind: 'decide'; readonly view: StepView; readonly state: string; readonly decision: Decision };

/** A method that behaves as the original and writes down every call; states as text, arrays and samples as copies. */
export function recorded(original: PruningMethod, calls: Call[]): PruningMethod {
  const { target, prunes, reparameterization } = original;
  return {
    specification: original.specification,
    name: original.name,
    citation: original.citation,
    options: original.options,
    ...(target ? { target } : {}),
    ...(prunes === undefined ? {} : { prunes }),
    ...(reparameterization ? { reparameterization } : {}),
    start(view) {
      const copy = copyView(view);
      const decision = original.start(view);
      calls.push({ kind: 'start', view: copy, decision });
      return decision;
    },
    plan(clock, state) {
      const plan = original.plan(clock, state);
      calls.push({ kind: 'plan', clock, state: textOfState(state), plan });
      return plan;
    },
    async decide(view, state) {
      const samples = await gather(view);
      const again = samples ? { samples: replayed(samples) } : {};
      const copy = { ...copyView(view), ...again };
      const before = textOfState(state);
      const decision = await original.decide({ ...view, ...again }, state);
      calls.push({ kind: 'decide', view: copy, state: before, decision });
      return decision;
    },
  };
}

function copyView(view: StepView): StepView {
  const layers = view.layers.map(layer => ({
    ...layer,
    weights: layer.weights.slice(),
    mask: layer.mask.slice(),
    ...(layer.gradient ? { gradient: layer.gradient.slice() } : {}),
    ...(layer.sums ? { sums: copyArrays(layer.sums) } : {}),
    ...(layer.slots ? { slots: copyArrays(layer.slots) } : {}),
    ...(layer.raw ? { raw: layer.raw.slice() } : {}),
    ...(layer.parameters ? { parameters: { ...layer.parameters } } : {}),
    ...(layer.weightParameters ? { weightParameters: copyArrays(layer.weightParameters) } : {}),
  }));
  return { ...view, layers };
}

function copyArrays<Arrays extends Readonly<Record<string, Float32Array>>>(arrays: Arrays): Arrays {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, values.slice()])) as Arrays;
}

async function gather({ samples }: StepView): Promise<ReadonlyMap<string, Float32Array>[] | undefined> {
  if (!samples) return undefined;
  const gathered: ReadonlyMap<string, Float32Array>[] = [];
  for await (const sample of samples) gathered.push(sample);
  return gathered;
}

function replayed(samples: readonly ReadonlyMap<string, Float32Array>[]): NonNullable<StepView['samples']> {
  return {
    async *[Symbol.asyncIterator]() {
      for (const sample of samples) yield new Map([...sample].map(([name, values]) => [name, values.slice()]));
    },
  };
}
