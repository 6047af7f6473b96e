import fc from 'fast-check';
import type { Checkpoint, Snapshot, StoredSlot, StoredWeight } from '../../src/checkpoint/index.js';
import type { Json } from '../../src/method/json.js';
import type { MethodState } from '../../src/method/state.js';
import type { LearningRateSegment } from '../../src/schedule/learning-rate-plan.js';
import { anyFloats, arbitraryName, withMasked } from './arbitrary-parts.js';
import { sometimesReparameterized } from './arbitrary-reparameterization.js';
import { sometimesSummed } from './summed-checkpoint.js';

const shape = fc.oneof(
  fc.constantFrom<number[]>([], [0], [0, 3], [1], [8], [9], [3, 3, 2, 1]),
  fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
);
/** Plain data as `JSON.parse` returns it. */
const json = fc.json({ maxDepth: 3 }).map(text => JSON.parse(text) as Json);
const bytes = fc.uint8Array({ maxLength: 9 });
/** Plain data with typed arrays in it. */
const { state } = fc.letrec<{ state: MethodState }>(tie => ({
  state: fc.oneof(
    { maxDepth: 3 },
    json,
    bytes,
    fc.int32Array({ maxLength: 5 }),
    anyFloats(3),
    fc.array(tie('state'), { maxLength: 3 }),
    // As `JSON.parse` makes it, so that "__proto__" is a key like any other.
    fc.array(fc.tuple(fc.string(), tie('state')), { maxLength: 3 }).map(entries => Object.fromEntries(entries)),
  ),
}));
const natural = fc.maxSafeNat();
const rate = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map(value => value + 0);
const length = fc.integer({ min: 1, max: 1000 });

const segment: fc.Arbitrary<LearningRateSegment> = fc.oneof(
  fc.record({ shape: fc.constant('constant' as const), length, value: rate }),
  fc.record({ shape: fc.constantFrom('linear' as const, 'cosine' as const), length, from: rate, to: rate }),
  fc.record({ shape: fc.constant('values' as const), values: fc.array(rate, { minLength: 1, maxLength: 4 }) }),
);

interface Parts {
  readonly weight: StoredWeight;
  readonly mask: Uint8Array | undefined;
  readonly slots: readonly Omit<StoredSlot, 'weight'>[];
  readonly snapshot: Float32Array;
}

const productOf = (dimensions: readonly number[]): number => dimensions.reduce((product, size) => product * size, 1);

const parts: fc.Arbitrary<Parts> = shape.chain(dimensions => {
  const size = productOf(dimensions);
  const bits = fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: size, maxLength: size })
    .map(entries => Uint8Array.from(entries));
  const slot = fc.record({ slot: arbitraryName, initial: fc.constantFrom(0, 0.1, -2.5), values: anyFloats(size) });
  return fc
    .record({
      values: anyFloats(size),
      trainable: fc.boolean(),
      mask: fc.option(bits, { nil: undefined }),
      slots: fc.uniqueArray(slot, { maxLength: 2, selector: each => each.slot }),
      snapshot: anyFloats(size),
    })
    .map(({ values, trainable, mask, slots, snapshot }) => ({
      weight: { shape: dimensions, values: withMasked(values, mask, 0), trainable },
      mask,
      slots: slots.map(each => ({ ...each, shape: dimensions, values: withMasked(each.values, mask, each.initial) })),
      snapshot,
    }));
});

/** Checkpoints of up to five small weights that {@link encodeCheckpoint} must accept. */
export const arbitraryCheckpoint: fc.Arbitrary<Checkpoint> = fc
  .record({
    parts: fc.uniqueArray(fc.tuple(arbitraryName, parts), { maxLength: 5, selector: ([key]) => key }),
    snapshots: fc.uniqueArray(fc.tuple(arbitraryName, natural), { maxLength: 2, selector: ([key]) => key }),
    method: fc.record({ name: fc.string(), citation: fc.string(), options: json }),
    clock: fc.record({ step: natural, position: natural, round: natural }),
    state,
    phase: fc.string(),
    seed: fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(value => value + 0),
    ),
    learningRate: fc.option(
      fc.record({ start: fc.integer(), segments: fc.array(segment, { minLength: 1, maxLength: 3 }) }),
    ),
    optimizer: fc.option(
      fc.record({ className: fc.string(), iterations: natural, powers: fc.array(rate, { maxLength: 2 }) }),
    ),
    model: json,
    metadata: fc
      .dictionary(fc.string(), json)
      .map(value => JSON.parse(JSON.stringify(value)) as { [key: string]: Json }),
  })
  .map(({ parts: named, snapshots, ...rest }): Checkpoint => {
    const snapshot = (position: number): Snapshot => ({
      position,
      weights: new Map(named.map(([key, { weight, snapshot: values }]) => [key, { shape: weight.shape, values }])),
    });
    return {
      ...rest,
      format: 'espalier-checkpoint/1',
      weights: new Map(named.map(([key, { weight }]) => [key, weight])),
      masks: new Map(named.flatMap(([key, { mask }]) => (mask ? [[key, mask] as const] : []))),
      slots: named.flatMap(([weight, { slots }]) => slots.map(slot => ({ ...slot, weight }))),
      snapshots: new Map(snapshots.map(([key, position]) => [key, snapshot(position)])),
    };
  })
  .chain(sometimesReparameterized)
  .chain(sometimesSummed);
