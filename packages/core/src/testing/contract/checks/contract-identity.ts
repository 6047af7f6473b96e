import { decodeCheckpoint } from '../../../checkpoint/decode.js';
import { encodeCheckpoint } from '../../../checkpoint/encode.js';
import { fixed } from '../../../method/fixed.js';
import type { PruningMethod } from '../../../method/pruning-method.js';
import type { MethodState } from '../../../method/state.js';
import { disposeOptimizer } from '../../../tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../../tfjs/session/session.js';
import { toyModel } from '../../toy-model.js';
import { type NamedArrays, readSlotValues, readWeights, requireSame } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import {
  type ContractRun,
  type ContractSetup,
  type RunVariation,
  takeSteps,
  withSession,
} from '../run/contract-run.js';
import { stateOfText, textOfState } from '../run/state-text.js';
import { readBeneath } from './contract-reparameterization.js';
import { readSums } from './contract-sums.js';

/** Everything that must not depend on how a run came to its end. */
interface Outcome {
  readonly weights: NamedArrays;
  readonly masks: NamedArrays;
  readonly slots: readonly ArrayLike<number>[];
  readonly beneath: NamedArrays;
  readonly sums: NamedArrays;
  readonly rest: string;
}

async function outcomeOf({ session, model, optimizer }: ContractRun): Promise<Outcome> {
  const { clock, state, phase, sparsity } = session;
  return {
    weights: await readWeights(model.weights),
    masks: new Map([...session.masks].map(([name, mask]) => [name, mask.slice()])),
    slots: [...(await readSlotValues(optimizer)).values()],
    beneath: await readBeneath(session),
    sums: await readSums(session),
    rest: JSON.stringify({ clock, state: textOfState(state), phase, sparsity, iterations: optimizer.iterations }),
  };
}

function requireSameOutcome(actual: Outcome, expected: Outcome, where: string): void {
  requireSame(`weights ${where}`, actual.weights, expected.weights);
  requireSame(`masks ${where}`, actual.masks, expected.masks);
  const numbered = (slots: Outcome['slots']): NamedArrays => new Map(slots.map((slot, i) => [`slot ${i}`, slot]));
  requireSame(`slots ${where}`, numbered(actual.slots), numbered(expected.slots));
  requireSame(`raw weights and parameters ${where}`, actual.beneath, expected.beneath);
  requireSame(`sums of gradients ${where}`, actual.sums, expected.sums);
  requireThat(actual.rest === expected.rest, () => `${where} the session is ${actual.rest}, not ${expected.rest}.`);
}

function finished(setup: ContractSetup, variation: RunVariation, steps = setup.steps): Promise<Outcome> {
  return withSession(setup, variation, async run => {
    await takeSteps(run, steps);
    return outcomeOf(run);
  });
}

/** I5. */
export async function resumesBitForBit(setup: ContractSetup, cuts: readonly number[]): Promise<void> {
  const expected = await finished(setup, {});
  for (const cut of cuts) {
    const bytes = await withSession(setup, {}, async run => {
      await takeSteps(run, cut);
      return encodeCheckpoint(await run.session.checkpoint());
    });
    const begin: NonNullable<RunVariation['begin']> = (method, options) =>
      PruningSession.resume(method, options, decodeCheckpoint(bytes));
    const resumed = await finished(setup, { begin }, setup.steps - cut);
    requireSameOutcome(resumed, expected, `resumed after step ${cut} (I5)`);
  }
}

/** I6. */
export async function equalsBareOptimizer(setup: ContractSetup): Promise<void> {
  const masked = await finished(setup, { method: fixed() as PruningMethod });
  const model = toyModel();
  const optimizer = setup.optimizer();
  try {
    const trained = model.weights.filter(weight => weight.trainable).map(weight => weight.variable);
    for (let i = 0; i < setup.steps; i++) optimizer.minimize(model.loss, false, trained);
    requireSame('weights with nothing masked (I6)', masked.weights, await readWeights(model.weights));
  } finally {
    disposeOptimizer(optimizer);
    model.dispose();
  }
}

/** I7, within one process and backend. */
export async function repeatsWithTheSameSeed(setup: ContractSetup): Promise<void> {
  const once = await finished(setup, {});
  requireSameOutcome(await finished(setup, {}), once, 'of a second run with the same seed (I7)');
}

/** What `state` carries is all that a method remembers, and a checkpoint can hold it. */
export async function stateIsAllThatIsRemembered(setup: ContractSetup): Promise<void> {
  const plain = await finished(setup, {});
  // A new instance for every call, and every state through a text: nothing else can carry over.
  const through = (state: MethodState): MethodState => stateOfText(textOfState(state));
  const original = setup.create();
  const method: PruningMethod = {
    ...original,
    start: view => setup.create().start(view),
    plan: (clock, state) => setup.create().plan(clock, through(state)),
    decide: (view, state) => setup.create().decide(view, through(state)),
  };
  requireSameOutcome(await finished(setup, { method }), plain, 'with every state passed through a text');
}
