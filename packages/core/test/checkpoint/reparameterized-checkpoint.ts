import type { Checkpoint, StoredReparameterization } from '../../src/checkpoint/index.js';
import { tinyCheckpoint } from './tiny-checkpoint.js';

/** The tiny checkpoint while something is trained beneath its kernel. */
export function reparameterizedCheckpoint(masking: StoredReparameterization['masking']): Checkpoint {
  const checkpoint = tinyCheckpoint();
  const dense = masking === 'effective';
  return {
    ...checkpoint,
    slots: dense
      ? checkpoint.slots.map(slot => ({ ...slot, values: Float32Array.of(7, 4, 5, 8, 6, 9) }))
      : checkpoint.slots,
    reparameterization: {
      masking,
      raw: new Map([
        [
          'fc/kernel',
          { shape: [3, 2], values: dense ? Float32Array.of(1, 2, -3, 4, 5, 6) : Float32Array.of(0, 2, -3, 0, 5, 0) },
        ],
      ]),
      parameters: [
        { weight: 'fc/kernel', name: 'threshold', slots: ['accumulator'], values: Float32Array.of(0.5, 0.25) },
      ],
    },
  };
}
