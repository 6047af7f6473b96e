import fc from 'fast-check';
import type { Checkpoint, StoredSum } from '../../src/checkpoint/index.js';
import { gradientSums } from '../../src/method/gradient-sum.js';
import { anyFloats } from './arbitrary-parts.js';
import { tinyCheckpoint } from './tiny-checkpoint.js';

/** The tiny checkpoint with two sums, of which the second is of no weight yet. */
export function summedCheckpoint(): Checkpoint {
  const sum = { shape: [3, 2], values: Float32Array.of(1, -2, 3, Number.NaN, 5, 6) };
  return {
    ...tinyCheckpoint(),
    sums: [
      { kind: 'gradient', steps: 3, weights: new Map([['fc/kernel', sum]]) },
      { kind: 'gradientTimesWeight', steps: 1, weights: new Map() },
    ],
  };
}

/** The checkpoint, or it with sums of some kinds over some of its weights. */
export function sometimesSummed(checkpoint: Checkpoint): fc.Arbitrary<Checkpoint> {
  const names = [...checkpoint.weights.keys()];
  const sum = (kind: StoredSum['kind']): fc.Arbitrary<StoredSum> =>
    fc
      .tuple(
        fc.integer({ min: 1, max: 2 ** 31 }),
        fc
          .subarray(names)
          .chain(chosen =>
            fc
              .tuple(...chosen.map(name => anyFloats(checkpoint.weights.get(name)!.values.length)))
              .map(values =>
                chosen.map(
                  (name, i) => [name, { shape: checkpoint.weights.get(name)!.shape, values: values[i]! }] as const,
                ),
              ),
          ),
      )
      .map(([steps, weights]) => ({ kind, steps, weights: new Map(weights) }));
  return fc
    .subarray([...gradientSums])
    .chain(kinds => fc.tuple(...kinds.map(sum)))
    .map(sums => (sums.length > 0 ? { ...checkpoint, sums } : checkpoint));
}
