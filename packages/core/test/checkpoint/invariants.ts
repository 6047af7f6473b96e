import type { Checkpoint, StoredTensor } from '../../src/checkpoint/index.js';

const natural = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function finiteJson(value: unknown): boolean {
  if (value === null || ['string', 'boolean'].includes(typeof value)) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  return typeof value === 'object' && Object.values(value).every(finiteJson);
}

const isArray = (value: unknown): boolean =>
  value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;

function finiteState(value: unknown): boolean {
  if (isArray(value)) return true;
  return typeof value === 'object' && value !== null ? Object.values(value).every(finiteState) : finiteJson(value);
}

function fits({ shape, values }: StoredTensor): boolean {
  const size = shape.reduce((product, dimension) => product * BigInt(dimension), 1n);
  return shape.every(natural) && values instanceof Float32Array && BigInt(values.length) === size;
}

/**
 * Every promise of the type Checkpoint that an accepted file must keep, written without the code under test.
 *
 * @returns What is broken; empty if nothing is.
 */
export function brokenInvariants(checkpoint: Checkpoint): string[] {
  const broken: string[] = [];
  const expectThat = (holds: boolean, what: string): void => {
    if (!holds) broken.push(what);
  };
  const { method, clock, learningRate, masks, weights, slots, optimizer, snapshots } = checkpoint;
  expectThat(checkpoint.format === 'espalier-checkpoint/1', 'format');
  expectThat(typeof method.name === 'string' && typeof method.citation === 'string', 'method');
  expectThat([clock.step, clock.position, clock.round].every(natural), 'clock');
  expectThat(typeof checkpoint.phase === 'string' && Number.isFinite(checkpoint.seed), 'phase and seed');
  expectThat(finiteState(checkpoint.state), 'state');
  expectThat([method.options, checkpoint.model, checkpoint.metadata].every(finiteJson), 'JSON');
  expectThat(checkpoint.metadata !== null && !Array.isArray(checkpoint.metadata), 'metadata');
  for (const segment of learningRate?.segments ?? []) {
    const rates =
      segment.shape === 'values'
        ? segment.values
        : segment.shape === 'constant'
          ? [segment.value]
          : [segment.from, segment.to];
    expectThat(rates.length > 0 && rates.every(rate => Number.isFinite(rate) && rate >= 0), 'rates');
    expectThat(segment.shape === 'values' || (natural(segment.length) && segment.length > 0), 'segment');
    expectThat(['values', 'constant', 'linear', 'cosine'].includes(segment.shape), 'segment shape');
  }
  expectThat(
    learningRate === null || (Number.isSafeInteger(learningRate.start) && learningRate.segments.length > 0),
    'plan',
  );
  expectThat(
    optimizer === null || (typeof optimizer.className === 'string' && natural(optimizer.iterations)),
    'optimizer',
  );
  expectThat(optimizer === null || optimizer.powers.every(Number.isFinite), 'powers');
  for (const [name, weight] of weights) {
    expectThat(typeof name === 'string' && fits(weight) && typeof weight.trainable === 'boolean', `weight ${name}`);
  }
  for (const [name, mask] of masks) {
    const values = weights.get(name)?.values;
    expectThat(mask instanceof Uint8Array && mask.length === values?.length, `mask ${name}`);
    mask.forEach((bit, index) => {
      expectThat(bit === 1 || (bit === 0 && Object.is(values?.[index], 0)), `mask ${name}[${index}]`);
    });
  }
  const pairs = new Set<string>();
  const { masking, raw = new Map<string, StoredTensor>(), parameters = [] } = checkpoint.reparameterization ?? {};
  for (const [name, tensor] of raw) {
    expectThat(fits(tensor) && `${tensor.shape}` === `${weights.get(name)?.shape}`, `raw ${name}`);
    masks.get(name)?.forEach((bit, index) => {
      expectThat(bit === 1 || masking !== 'raw' || Object.is(tensor.values[index], 0), `raw ${name}[${index}]`);
    });
  }
  for (const { weight, name, perWeight, slots: own, values } of parameters) {
    const each = perWeight ? (weights.get(weight)?.values.length ?? 0) : 1;
    expectThat(
      raw.has(weight) && values.length === each * (own.length + 1) && new Set(own).size === own.length,
      `parameter ${name}`,
    );
  }
  expectThat(
    new Set(parameters.map(({ weight, name }) => JSON.stringify([weight, name]))).size === parameters.length,
    'parameters are unique',
  );
  for (const { weight, slot, initial, ...tensor } of slots) {
    expectThat(fits(tensor) && `${tensor.shape}` === `${weights.get(weight)?.shape}`, `slot ${slot}`);
    expectThat(Number.isFinite(Math.fround(initial)), `initial of ${slot}`);
    masks.get(weight)?.forEach((bit, index) => {
      const clean = bit === 1 || tensor.values[index] === Math.fround(initial);
      expectThat(clean || (masking === 'effective' && raw.has(weight)), `slot ${slot}[${index}]`);
    });
    pairs.add(JSON.stringify([weight, slot]));
  }
  expectThat(pairs.size === slots.length, 'slots are unique');
  const { sums = [] } = checkpoint;
  const kinds = ['gradient', 'absoluteGradient', 'squaredGradient', 'gradientTimesWeight'];
  expectThat(new Set(sums.map(({ kind }) => kind)).size === sums.length, 'sums are unique');
  for (const { kind, steps, weights: own } of sums) {
    expectThat(kinds.includes(kind) && natural(steps) && steps > 0, `sum ${kind}`);
    for (const [weight, tensor] of own) {
      expectThat(fits(tensor) && `${tensor.shape}` === `${weights.get(weight)?.shape}`, `sum ${kind}/${weight}`);
    }
  }
  for (const [name, snapshot] of snapshots) {
    expectThat(natural(snapshot.position), `position of ${name}`);
    for (const [weight, tensor] of snapshot.weights) {
      expectThat(fits(tensor) && `${tensor.shape}` === `${weights.get(weight)?.shape}`, `snapshot ${name}/${weight}`);
    }
  }
  return broken;
}
