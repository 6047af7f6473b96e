import * as tf from '@tensorflow/tfjs-core';
import type { PruningMethod } from '../../../method/pruning-method.js';
import { randomStreams } from '../../../random/random-streams.js';
import { effectiveOf, gradientsOf } from '../../../tfjs/reparameterization/reparameterization-results.js';
import { reparameterize } from '../../../tfjs/reparameterization/reparameterized-weight.js';
import type { PruningSession } from '../../../tfjs/session/session.js';
import type { ModelWeight } from '../../../tfjs/weights/model-weight.js';
import { toyModel } from '../../toy-model.js';
import { type NamedArrays, requireSame } from '../run/compare.js';
import { requireThat } from '../run/contract-case.js';
import type { ContractSetup } from '../run/contract-run.js';

/** What is trained beneath the weights, by name; empty unless a reparameterization is in force. */
export async function readBeneath(session: PruningSession): Promise<NamedArrays> {
  if (!session.method.reparameterization) return new Map();
  const { reparameterization: stored } = await session.checkpoint();
  const raw = [...(stored?.raw ?? [])].map(([name, { values }]) => [`raw ${name}`, values] as const);
  const parameters = (stored?.parameters ?? []).map(
    ({ weight, name, values }) => [`${name} of ${weight}`, values] as const,
  );
  return new Map([...raw, ...parameters]);
}

/** Whether slots and raw weights are dense beneath the masks at this moment. */
export async function masksEffectiveWeights(session: PruningSession): Promise<boolean> {
  if (session.method.reparameterization?.masking !== 'effective') return false;
  return (await session.checkpoint()).reparameterization !== undefined;
}

/** The hook gives the same for the same tensors, keeps and frees none of them, and finite weights for finite ones. */
export async function reparameterizesPurely(setup: ContractSetup): Promise<void> {
  const model = toyModel();
  try {
    for (const weight of model.weights.filter(({ prunable }) => prunable)) {
      const method = setup.create();
      const first = await resultsOf(method, weight, setup.seed);
      for (const again of [method, setup.create()]) {
        const what = `results of the hook for "${weight.name}", asked again:`;
        requireSame(what, await resultsOf(again, weight, setup.seed), first);
      }
      for (const [name, values] of first) {
        requireThat(values.every(Number.isFinite), () => `For "${weight.name}" the hook's ${name} is not finite.`);
      }
    }
  } finally {
    model.dispose();
  }
}

async function resultsOf(
  { reparameterization: hook }: PruningMethod,
  weight: ModelWeight,
  seed: number,
): Promise<Map<string, Float32Array>> {
  if (!hook) return new Map();
  const { size, shape } = weight.variable;
  const draw = randomStreams(seed, 0)('gradient');
  const drawn = Float32Array.from({ length: size }, () => draw() - 0.5);
  const gradient = tf.tensor(drawn, shape);
  const layer = reparameterize(hook, weight);
  const mask = tf.tensor(
    Float32Array.from({ length: size }, () => (draw() < 0.5 ? 0 : 1)),
    shape,
  );
  const inputs = [gradient, mask, layer.raw, ...layer.parameters.map(({ variable }) => variable)];
  const before = tf.memory().numTensors;
  const results = tf.tidy(() => {
    const { raw, parameters } = gradientsOf(hook, layer, gradient, () => mask);
    const named = parameters.map((each, i) => [`gradient of "${layer.parameters[i]?.name}"`, tf.clone(each)] as const);
    const weights = { 'effective weight': tf.clone(effectiveOf(hook, layer)), 'raw gradient': tf.clone(raw) };
    return { ...weights, ...Object.fromEntries(named) };
  });
  const kept = tf.memory().numTensors - before - Object.keys(results).length;
  const alive = inputs.filter(input => !input.isDisposed);
  try {
    requireThat(alive.length === inputs.length, () => `For "${weight.name}" the hook disposed what it was given.`);
    requireThat(kept === 0, () => `For "${weight.name}" the hook kept ${kept} tensors.`);
    const read = Object.entries(results).map(
      async ([name, tensor]) => [name, Float32Array.from(await tensor.data())] as const,
    );
    return new Map(await Promise.all(read));
  } finally {
    tf.dispose([...alive, ...Object.values(results)]);
  }
}
