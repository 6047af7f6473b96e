import { countOnes, keptCount } from '../../../mask/count.js';
import { randomStreams } from '../../../random/random-streams.js';
import { readWeights, requireSame } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import { type ContractSetup, takeSteps, withSession } from '../run/contract-run.js';
import { type Call, recorded } from '../run/recorder.js';
import { requireZeros } from './contract-masking.js';

export async function acceptsGivenMasks(setup: ContractSetup): Promise<void> {
  const draw = randomStreams(setup.seed, 0)('given masks');
  const bits = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => (draw() < 0.75 ? 1 : 0));
  const masks = new Map([
    ['hidden/kernel', bits(48)],
    ['head/kernel', bits(24)],
  ]);
  await withSession(setup, { masks }, async run => {
    const check = (): Promise<void> => requireZeros(run.session, run.model.weights);
    await check();
    await takeSteps(run, setup.steps, check);
  });
}

/**
 * The promised sparsity is reached with the decision after the promised position, exactly. A method that rewinds comes
 * to that position more than once; what counts is when it has passed it for good.
 */
export async function reachesItsTarget(setup: ContractSetup): Promise<void> {
  const { target } = setup.create();
  if (!target) return;
  await withSession(setup, {}, async run => {
    const limit = Math.max(setup.steps, target.position + 1);
    while (run.session.clock.position <= target.position && run.session.clock.step < limit) await takeSteps(run, 1);
    const sizes = [...run.session.masks.values()].map(mask => mask.length);
    const active = [...run.session.masks.values()].reduce((sum, mask) => sum + countOnes(mask), 0);
    const size = sizes.reduce((sum, part) => sum + part, 0);
    const total = keptCount(size, target.sparsity);
    const layered = sizes.reduce((sum, part) => sum + keptCount(part, target.sparsity), 0);
    requireThat(active === total || active === layered, () => {
      const wanted = total === layered ? total : `${total} (or ${layered}, rounded layer by layer)`;
      return `After position ${target.position} ${active} of ${size} entries are active; sparsity ${target.sparsity} needs ${wanted}.`;
    });
  });
}

/** After a rewind the clock and, if asked for, the weights are those of the snapshot. */
export async function rewindsToItsSnapshots(setup: ContractSetup): Promise<void> {
  const calls: Call[] = [];
  const method = recorded(setup.create(), calls);
  await withSession(setup, { method }, async run => {
    const { session, model } = run;
    const taken = new Map<string, { position: number; weights: ReadonlyMap<string, Float32Array> }>();
    const note = async (): Promise<void> => {
      for (const call of calls.splice(0)) {
        if (call.kind === 'plan') continue;
        const { snapshot, rewind, weights } = call.decision;
        if (snapshot !== undefined && !rewind && !call.decision.masks && !weights) {
          taken.set(snapshot, { position: session.clock.position, weights: await readWeights(model.weights) });
        }
        const known = rewind && taken.get(rewind.snapshot);
        if (!known) continue;
        const { position } = session.clock;
        const wanted = rewind.restore === 'weights' ? call.view.clock.position + 1 : known.position;
        requireThat(position === wanted, () => `A rewind went to position ${position}, not to ${wanted}.`);
        if (rewind.restore === 'position' || weights) continue;
        const expected = new Map(
          [...known.weights].map(([name, values]) => {
            const mask = session.masks.get(name);
            return [name, mask ? values.map((value, i) => (mask[i] ? value : 0)) : values];
          }),
        );
        requireSame('weights after a rewind', await readWeights(model.weights), expected);
      }
    };
    await note();
    await takeSteps(run, setup.steps, note);
  });
}
