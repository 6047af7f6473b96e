import * as tf from '@tensorflow/tfjs-core';
import { countOnes } from '../../../mask/count.js';
import type { PruningMethod } from '../../../method/pruning-method.js';
import type { PruningSession } from '../../../tfjs/session/session.js';
import type { ModelWeight } from '../../../tfjs/weights/model-weight.js';
import { readSlotValues, requireSame } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import { type ContractSetup, takeSteps, withSession } from '../run/contract-run.js';
import { type Call, recorded } from '../run/recorder.js';
import { masksEffectiveWeights, readBeneath } from './contract-reparameterization.js';

/** I1. */
export function maskedWeightsAreZero(setup: ContractSetup, weightDecay = 0): Promise<void> {
  return withSession(setup, { weightDecay }, run =>
    takeSteps(run, setup.steps, () => requireZeros(run.session, run.model.weights)),
  );
}

/** Throws unless masked weights are exactly 0, and raw ones too where the masks act on them. */
export async function requireZeros(session: PruningSession, weights: readonly ModelWeight[]): Promise<void> {
  for (const { name, variable } of weights) {
    const mask = session.masks.get(name);
    const values = await variable.data();
    const wrong = mask ? mask.findIndex((bit, i) => bit === 0 && values[i] !== 0) : -1;
    requireThat(wrong < 0, () => {
      return `After step ${session.clock.step} entry ${wrong} of "${name}" is masked, but its weight is ${values[wrong]} (I1).`;
    });
  }
  if (!session.method.reparameterization || (await masksEffectiveWeights(session))) return;
  for (const [name, mask] of session.masks) {
    const raw = (await readBeneath(session)).get(`raw ${name}`);
    const wrong = raw ? mask.findIndex((bit, i) => bit === 0 && raw[i] !== 0) : -1;
    requireThat(wrong < 0, () => {
      return `After step ${session.clock.step} entry ${wrong} of "${name}" is masked, but its raw weight is ${raw?.[wrong]} (I1).`;
    });
  }
}

/** I2; beneath masks on effective weights slots keep learning. */
export function maskedSlotsAreInitial(setup: ContractSetup): Promise<void> {
  return withSession(setup, {}, run =>
    takeSteps(run, setup.steps, async () => {
      const { session, model, optimizer } = run;
      if (await masksEffectiveWeights(session)) return;
      const { initialAccumulatorValue } = optimizer.getConfig();
      const initial = Math.fround(typeof initialAccumulatorValue === 'number' ? initialAccumulatorValue : 0);
      const slots = await readSlotValues(optimizer);
      for (const { name, variable } of model.weights) {
        const mask = session.masks.get(name);
        for (const [slot, values] of slots) {
          if (!mask || slot.slice(0, slot.lastIndexOf('/')) !== variable.name) continue;
          const wrong = mask.findIndex((bit, i) => bit === 0 && values[i] !== initial);
          requireThat(wrong < 0, () => {
            const kind = slot.slice(variable.name.length + 1);
            return `After step ${session.clock.step} entry ${wrong} of slot "${kind}" of "${name}" is masked, but holds ${values[wrong]}, not ${initial} (I2).`;
          });
        }
      }
    }),
  );
}

/** I3. */
export function masksAreWhatWasDecided(setup: ContractSetup): Promise<void> {
  const calls: Call[] = [];
  return withSession(setup, { method: recorded(setup.create(), calls) }, async run => {
    const { session, model } = run;
    const prunable = model.weights.filter(weight => weight.prunable);
    const expected = new Map<string, Uint8Array>(
      prunable.map(({ name, variable }) => [name, new Uint8Array(variable.size).fill(1)]),
    );
    const check = (): void => {
      for (const call of calls.splice(0)) {
        if (call.kind !== 'plan') for (const [name, mask] of call.decision.masks ?? []) expected.set(name, mask);
      }
      requireSame('masks', session.masks, expected);
      const size = prunable.reduce((sum, { variable }) => sum + variable.size, 0);
      const active = [...session.masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
      requireThat(session.sparsity === (size - active) / size, () => {
        return `The session reports sparsity ${session.sparsity}, but ${active} of ${size} entries are active (I3).`;
      });
    };
    check();
    await takeSteps(run, setup.steps, check);
  });
}

/** I4. */
export async function tensorsDoNotAccumulate(setup: ContractSetup): Promise<void> {
  const start = tf.memory().numTensors;
  let decided = true;
  let updates = 0;
  const kinds = new Set<string>();
  const create = (): PruningMethod => {
    const method = setup.create();
    const plan: PruningMethod['plan'] = (clock, state) => {
      const planned = method.plan(clock, state);
      if (planned.optimizer !== 'skip') updates++;
      for (const kind of planned.accumulate ?? []) kinds.add(kind);
      return planned;
    };
    const decide: PruningMethod['decide'] = async (view, state) => {
      const decision = await method.decide(view, state);
      if (decision.sums === 'reset') kinds.clear();
      return decision;
    };
    return Object.create(method, { plan: { value: plan }, decide: { value: decide } }) as PruningMethod;
  };
  await withSession({ ...setup, create }, { onDecision: () => (decided = true) }, async run => {
    const layers = run.model.weights.filter(weight => weight.prunable).length;
    let last = tf.memory().numTensors;
    let first = last;
    let before = 0;
    await takeSteps(run, setup.steps, index => {
      const now = tf.memory().numTensors - kinds.size * layers; // one sum of each kind a layer
      const makesSlots = before === 0; // the first update does, and a skipped step is none
      if (makesSlots) first = now;
      before = updates;
      requireThat(makesSlots || decided || now === last, () => {
        return `Step ${index} changed the number of tensors from ${last} to ${now} without a decision (I4).`;
      });
      requireThat(
        !(now > first + 2 * layers),
        () => `After step ${index} there are ${now - first} more tensors than at first (I4).`,
      );
      last = now;
      decided = false;
    });
  });
  const left = tf.memory().numTensors - start;
  requireThat(left === 0, () => `${left} tensors are left after everything was disposed (I4).`);
}
