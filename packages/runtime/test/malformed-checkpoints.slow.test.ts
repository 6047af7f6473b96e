import '@tensorflow/tfjs-backend-cpu';
import { type Checkpoint, encodeCheckpoint, type Json } from '@espalier/core';
import { resnet20, smallConvNet } from '@espalier/models';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editHeader, reseal } from '../../core/test/checkpoint/forge.js';
import { damages, dice, forgeries } from '../../core/test/checkpoint/mutate.js';
import { randomizeWeights } from './graph/build-model.js';
import { changed, changes } from './graph/mutate-json.js';
import { outcome } from './malformed/outcome.js';
import { checkpointOf } from './malformed/small-checkpoint.js';

await tf.setBackend('cpu');
const before = tf.memory().numTensors;
const checkpoints: readonly Checkpoint[] = await Promise.all(
  [resnet20({ inputShape: [4, 4, 1], width: 2 }), smallConvNet({ inputShape: [12, 12, 1], classes: 3 })].map(model => {
    randomizeWeights(model, 1);
    return checkpointOf(model);
  }),
);
const files = checkpoints.map(encodeCheckpoint);
const leaked = tf.memory().numTensors - before;

/** Milliseconds for what a single source may take; each takes a few. */
const LIMIT = 60_000;

describe('a checkpoint', () => {
  it('runs while it is sound', async () => {
    for (const file of files) expect(await outcome(file, 'a sound file')).toBe('runs');
    expect(leaked).toBe(0);
  });

  it.each(damages.map(mutate => ({ name: mutate.name, mutate })))(
    'that was damaged by $name is refused',
    async ({ mutate }) => {
      const roll = dice(11);
      for (let damaged = 0; damaged < 150; ) {
        const file = files[roll(files.length)]!;
        const changedFile = mutate(file, roll);
        if (Buffer.compare(changedFile, file) === 0) continue;
        damaged++;
        expect(await outcome(changedFile, `file ${damaged}`)).toBe('CORRUPT_CHECKPOINT');
      }
    },
    LIMIT,
  );

  it.each(forgeries.map(mutate => ({ name: mutate.name, mutate })))(
    'with a right checksum after $name runs or is refused with a code',
    async ({ mutate }) => {
      const roll = dice(12);
      const outcomes = new Set<string>();
      for (let forged = 0; forged < 150; forged++) {
        outcomes.add(await outcome(mutate(files[roll(files.length)]!, roll), `file ${forged}`));
      }
      expect([...outcomes].filter(code => !expectedOutcomes.includes(code))).toEqual([]);
      expect(outcomes.size).toBeGreaterThan(0);
    },
    LIMIT,
  );

  it(
    'with a strange topology runs or is refused with a code',
    async () => {
      const outcomes = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.nat(checkpoints.length - 1), changes, async (which, list) => {
          const checkpoint = checkpoints[which]!;
          const model = changed(checkpoint.model, list) as Json;
          outcomes.add(await outcome({ ...checkpoint, model }, JSON.stringify(list)));
        }),
        { numRuns: 600 },
      );
      expect([...outcomes].filter(code => !expectedOutcomes.includes(code))).toEqual([]);
      for (const code of ['runs', 'INVALID_TOPOLOGY', 'UNSUPPORTED_LAYERS']) expect(outcomes).toContain(code);
    },
    LIMIT,
  );

  it('without some of its weights is refused', async () => {
    for (const checkpoint of checkpoints) {
      for (const name of checkpoint.weights.keys()) {
        const weights = new Map([...checkpoint.weights].filter(([other]) => other !== name));
        expect(await outcome({ ...checkpoint, weights }, name)).toBe('INVALID_TOPOLOGY');
      }
    }
  });

  it('of a network beyond all limits is refused before anything is reserved', async () => {
    const huge = (side: number): Uint8Array =>
      reseal(
        editHeader(files[0]!, header => {
          expect(header).toContain('[null,4,4,1]');
          return header.replace('[null,4,4,1]', `[null,${side},${side},1]`);
        }),
      );
    expect(await outcome(huge(4), 'unchanged')).toBe('runs');
    expect(await outcome(huge(20_000), 'values of 8e8 entries')).toBe('INVALID_TOPOLOGY');
    expect(await outcome(huge(2 ** 31), 'a side beyond all limits')).toBe('INVALID_TOPOLOGY');
  });
});

const expectedOutcomes = [
  'runs',
  'CORRUPT_CHECKPOINT',
  'CHECKPOINT_MISMATCH',
  'INVALID_TOPOLOGY',
  'UNSUPPORTED_LAYERS',
  'INVALID_GRAPH',
];

describe('a source that is none', () => {
  it.each([[null], [undefined], [7], ['pruned.safetensors'], [[]], [{}], [new Float32Array(3)], [new ArrayBuffer(8)]])(
    '%o is refused with a code',
    async source => expect(await outcome(source, String(source))).toBe('INVALID_OPTION'),
  );
});
