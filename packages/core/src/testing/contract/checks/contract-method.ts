import type { Decision } from '../../../method/decision.js';
import type { PruningMethod } from '../../../method/pruning-method.js';
import { randomStreams } from '../../../random/random-streams.js';
import { requireSame } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import { type ContractSetup, takeSteps, withSession } from '../run/contract-run.js';
import { isPlain } from '../run/is-plain.js';
import { type Call, recorded } from '../run/recorder.js';
import { stateOfText, textOfState } from '../run/state-text.js';

async function callsOf(setup: ContractSetup): Promise<Call[]> {
  const calls: Call[] = [];
  await withSession(setup, { method: recorded(setup.create(), calls) }, run => takeSteps(run, setup.steps));
  return calls;
}

export async function describesItself(setup: ContractSetup): Promise<void> {
  const { specification, name, citation, options, target } = setup.create();
  requireThat(specification === 'v1', () => `The specification is ${String(specification)}, not "v1".`);
  requireThat(typeof name === 'string' && name !== '', () => 'The method has no name.');
  requireThat(typeof citation === 'string' && citation !== '', () => 'The method has no citation.');
  const again = JSON.stringify(JSON.parse(JSON.stringify(options ?? 'missing')));
  requireThat(
    options !== undefined && isPlain(options),
    () => `The options are not plain data; JSON makes ${again} of them.`,
  );
  requireThat(again === JSON.stringify(setup.create().options), () => 'Two methods made alike have different options.');
  if (!target) return;
  requireThat(target.sparsity >= 0 && target.sparsity < 1, () => `The target sparsity is ${target.sparsity}.`);
  requireThat(
    Number.isInteger(target.position) && target.position >= 0,
    () => `The target position is ${target.position}.`,
  );
}

export async function planIsPure(setup: ContractSetup): Promise<void> {
  for (const call of await callsOf(setup)) {
    if (call.kind !== 'plan') continue;
    const state = stateOfText(call.state);
    for (const method of [setup.create(), setup.create()]) {
      const plan = JSON.stringify(method.plan({ ...call.clock }, state));
      requireThat(plan === JSON.stringify(call.plan), () => {
        return `At position ${call.clock.position} plan gave ${JSON.stringify(call.plan)} and then ${plan}.`;
      });
      requireThat(
        textOfState(state) === call.state,
        () => `At position ${call.clock.position} plan modified the state.`,
      );
    }
  }
}

/** I7, across backends: what a decision depends on is on the host, so replaying it there must give it again. */
export async function decisionsDependOnArraysAlone(setup: ContractSetup): Promise<void> {
  for (const call of await callsOf(setup)) {
    if (call.kind === 'plan') continue;
    const { step } = call.view.clock;
    const view = { ...call.view, random: randomStreams(setup.seed, step) };
    const method = setup.create();
    const again = call.kind === 'start' ? method.start(view) : await method.decide(view, stateOfText(call.state));
    requireSame(`masks replayed for step ${step} (I7)`, again.masks ?? new Map(), call.decision.masks ?? new Map());
    requireSame(
      `weights replayed for step ${step} (I7)`,
      again.weights ?? new Map(),
      call.decision.weights ?? new Map(),
    );
    requireSame(`slots replayed for step ${step} (I7)`, slotEntries(again), slotEntries(call.decision));
    requireThat(withoutArrays(again) === withoutArrays(call.decision), () => {
      return `Replayed, the decision of step ${step} is ${withoutArrays(again)}, not ${withoutArrays(call.decision)} (I7).`;
    });
  }
}

/** Entries of slots that a decision returns to their initial value. */
function slotEntries({ slots }: Decision): ReadonlyMap<string, Uint8Array> {
  return slots instanceof Map ? slots : new Map();
}

function withoutArrays({ state, masks, weights, parameters, weightParameters, ...rest }: Decision): string {
  const sizes = { masks: masks?.size ?? 0, weights: weights?.size ?? 0 };
  const set = { parameters: [...(parameters ?? [])], weightParameters: [...(weightParameters ?? [])] };
  return JSON.stringify({ state: textOfState(state), ...rest, ...sizes, ...set });
}

const empty = new Float32Array(0);

export async function viewsAreNotModified(setup: ContractSetup): Promise<void> {
  const original = setup.create();
  const watch = async (view: Parameters<PruningMethod['start']>[0], act: () => unknown): Promise<void> => {
    const arrays = new Map<string, Float32Array | Uint8Array>(
      view.layers.flatMap(
        ({ name, weights, mask, gradient = empty, raw = empty, weightParameters = {}, sums = {}, slots = {} }) => [
          [`weights of "${name}"`, weights] as const,
          [`mask of "${name}"`, mask] as const,
          [`gradient of "${name}"`, gradient] as const,
          [`raw weights of "${name}"`, raw] as const,
          ...Object.entries(weightParameters).map(
            ([parameter, values]) => [`parameter "${parameter}" of "${name}"`, values] as const,
          ),
          ...Object.entries(slots).map(([slot, values]) => [`slot ${slot} of "${name}"`, values] as const),
          ...Object.entries(sums).map(([kind, sum]) => [`sum ${kind} of "${name}"`, sum] as const),
        ],
      ),
    );
    const copies = new Map([...arrays].map(([name, array]) => [name, array.slice()]));
    await act();
    requireSame(`arrays shown at step ${view.clock.step}, which the method modified,`, arrays, copies);
  };
  const views: Promise<void>[] = [];
  const method: PruningMethod = {
    ...original,
    plan: (clock, state) => original.plan(clock, state),
    start: view => {
      let decision: Decision | undefined;
      views.push(watch(view, () => (decision = original.start(view))));
      return decision ?? original.start(view);
    },
    decide: async (view, state) => {
      let decision: Decision | undefined;
      await watch(view, async () => (decision = await original.decide(view, state)));
      return decision ?? { state };
    },
  };
  await withSession(setup, { method }, run => takeSteps(run, setup.steps));
  await Promise.all(views);
}

export async function neverCallsMathRandom(setup: ContractSetup): Promise<void> {
  const { random } = Math;
  let calls = 0;
  Math.random = () => {
    calls++;
    return random();
  };
  try {
    await withSession(setup, {}, run => takeSteps(run, setup.steps));
  } finally {
    Math.random = random;
  }
  requireThat(calls === 0, () => `Math.random was called ${calls} times; take numbers from view.random instead.`);
}
