import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/index.js';
import { CorruptCheckpointError } from '../../src/errors/index.js';
import { arbitraryCheckpoint } from './arbitrary-checkpoint.js';
import { brokenInvariants } from './invariants.js';
import { damages, dice, forgeries, type Mutation } from './mutate.js';
import { reparameterizedCheckpoint } from './reparameterized-checkpoint.js';
import { summedCheckpoint } from './summed-checkpoint.js';
import { tinyCheckpoint } from './tiny-checkpoint.js';

const seed = 20261121;
/** For each of thirteen mutations: 20,800 in all. */
const filesEach = 1600;
const reparameterized = (['raw', 'effective'] as const).map(reparameterizedCheckpoint);
const originals = [
  tinyCheckpoint(),
  summedCheckpoint(),
  ...reparameterized,
  ...fc.sample(arbitraryCheckpoint, { seed, numRuns: 39 }),
].map(encodeCheckpoint);

const named = (mutations: readonly Mutation[]): { name: string; mutate: Mutation }[] =>
  mutations.map(mutate => ({ name: mutate.name, mutate }));

/** The checkpoint, or `null` if the file was refused; any error but the documented one fails the test. */
function accept(file: Uint8Array, what: string): Checkpoint | null {
  try {
    return decodeCheckpoint(file);
  } catch (error) {
    expect(error, what).toBeInstanceOf(CorruptCheckpointError);
    return null;
  }
}

it.each(named(damages))('refuses each of 1,600 files after $name', ({ mutate }) => {
  const roll = dice(seed);
  let damaged = 0;
  while (damaged < filesEach) {
    const original = originals[roll(originals.length)]!;
    const file = mutate(original, roll);
    if (Buffer.compare(file, original) === 0) continue;
    damaged++;
    expect(accept(file, `file ${damaged}`), `file ${damaged} is accepted`).toBeNull();
  }
});

it.each(named(forgeries))(
  'accepts after $name, with a right checksum, only files that keep every promise',
  ({ mutate }) => {
    const roll = dice(seed + 1);
    let accepted = 0;
    for (let forged = 0; forged < filesEach; forged++) {
      const checkpoint = accept(mutate(originals[roll(originals.length)]!, roll), `file ${forged}`);
      if (!checkpoint) continue;
      accepted++;
      expect(brokenInvariants(checkpoint), `file ${forged}`).toEqual([]);
      expect(() => encodeCheckpoint(checkpoint), `file ${forged}`).not.toThrow();
    }
    expect(accepted).toBeLessThan(filesEach);
  },
);

it('would notice a wrong acceptance: the invariants that it checks can break', () => {
  const broken = tinyCheckpoint();
  broken.weights.get('fc/kernel')!.values[0] = 1;
  expect(brokenInvariants(broken)).toEqual(['mask fc/kernel[0]']);
});
