import fc from 'fast-check';
import type { Checkpoint, StoredParameter, StoredReparameterization } from '../../src/checkpoint/index.js';
import { anyFloats, arbitraryName, withMasked } from './arbitrary-parts.js';

/** A parameter of a weight of that size: one number, or one for each entry. */
const parameterOf = (size: number): fc.Arbitrary<Omit<StoredParameter, 'weight'>> =>
  fc
    .tuple(arbitraryName, fc.uniqueArray(arbitraryName, { maxLength: 2 }), fc.boolean())
    .chain(([name, slots, perWeight]) =>
      anyFloats((1 + slots.length) * (perWeight ? size : 1)).map(values =>
        perWeight ? { name, perWeight, slots, values } : { name, slots, values },
      ),
    );

/** The checkpoint, or it with something trained beneath some of its weights. */
export function sometimesReparameterized(checkpoint: Checkpoint): fc.Arbitrary<Checkpoint> {
  const names = [...checkpoint.weights.keys()];
  const beneath = fc.record({
    masking: fc.constantFrom('raw' as const, 'effective' as const),
    chosen: fc.subarray(names).chain(chosen =>
      fc.tuple(
        ...chosen.map(name =>
          fc.record({
            name: fc.constant(name),
            values: anyFloats(checkpoint.weights.get(name)!.values.length),
            parameters: fc.uniqueArray(parameterOf(checkpoint.weights.get(name)!.values.length), {
              maxLength: 2,
              selector: each => each.name,
            }),
          }),
        ),
      ),
    ),
    noise: fc.float({ noNaN: true }),
  });
  return fc.option(beneath, { nil: undefined, freq: 2 }).map(made => {
    if (!made) return checkpoint;
    const { masking, chosen, noise } = made;
    const maskOf = (name: string): Uint8Array | undefined =>
      masking === 'raw' ? checkpoint.masks.get(name) : undefined;
    const reparameterization: StoredReparameterization = {
      masking,
      raw: new Map(
        chosen.map(({ name, values }) => {
          const { shape } = checkpoint.weights.get(name)!;
          return [name, { shape, values: withMasked(values, maskOf(name), 0) }];
        }),
      ),
      parameters: chosen.flatMap(({ name: weight, parameters }) => parameters.map(each => ({ weight, ...each }))),
    };
    const dense = new Set(masking === 'effective' ? chosen.map(({ name }) => name) : []);
    const slots = checkpoint.slots.map(slot => {
      return dense.has(slot.weight)
        ? { ...slot, values: withMasked(slot.values, checkpoint.masks.get(slot.weight), noise) }
        : slot;
    });
    return { ...checkpoint, slots, reparameterization };
  });
}
