import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../src/checkpoint/index.js';
import { textOfState } from '../../src/testing/contract/run/state-text.js';
import { arbitraryCheckpoint } from './arbitrary-checkpoint.js';
import { brokenInvariants } from './invariants.js';

/** The same checkpoint with bit patterns for values, so that NaN payloads and -0 count. */
function bitwise(checkpoint: Checkpoint): unknown {
  const bits = (values: Float32Array): number[] => [
    ...new Uint32Array(values.buffer.slice(values.byteOffset, values.byteOffset + values.byteLength)),
  ];
  const tensors = (
    map: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>,
  ): unknown[] => [...map].map(([name, tensor]) => [name, { ...tensor, values: bits(tensor.values) }]);
  const { reparameterization } = checkpoint;
  return {
    ...checkpoint,
    state: textOfState(checkpoint.state),
    reparameterization: reparameterization && {
      ...reparameterization,
      raw: tensors(reparameterization.raw),
      parameters: reparameterization.parameters.map(each => ({ ...each, values: bits(each.values) })),
    },
    sums: checkpoint.sums?.map(sum => ({ ...sum, weights: tensors(sum.weights) })),
    masks: [...checkpoint.masks].map(([name, mask]) => [name, [...mask]]),
    weights: tensors(checkpoint.weights),
    slots: checkpoint.slots.map(slot => ({ ...slot, values: bits(slot.values) })),
    snapshots: [...checkpoint.snapshots].map(([name, { position, weights }]) => [name, position, tensors(weights)]),
  };
}

it('returns every checkpoint bit for bit, whatever its names, shapes and values', () => {
  fc.assert(
    fc.property(arbitraryCheckpoint, checkpoint => {
      expect(brokenInvariants(checkpoint)).toEqual([]);
      const decoded = decodeCheckpoint(encodeCheckpoint(checkpoint));
      expect(bitwise(decoded)).toEqual(bitwise(checkpoint));
    }),
    { numRuns: 300 },
  );
});

it('gives the same bytes for the same checkpoint, also after a round trip', () => {
  fc.assert(
    fc.property(arbitraryCheckpoint, checkpoint => {
      const file = encodeCheckpoint(checkpoint);
      expect(Buffer.compare(file, encodeCheckpoint(checkpoint))).toBe(0);
      expect(Buffer.compare(file, encodeCheckpoint(decodeCheckpoint(file)))).toBe(0);
    }),
  );
});

it('shares no memory with the file', () => {
  fc.assert(
    fc.property(arbitraryCheckpoint, checkpoint => {
      const file = encodeCheckpoint(checkpoint);
      const decoded = decodeCheckpoint(file);
      const before = bitwise(decoded);
      file.fill(0xaa);
      expect(bitwise(decoded)).toEqual(before);
    }),
  );
});
