import type { Checkpoint } from '../../src/checkpoint/index.js';

/** A checkpoint of nine weights that uses every part of the format. */
export function tinyCheckpoint(): Checkpoint {
  return {
    format: 'espalier-checkpoint/1',
    method: { name: 'magnitude', citation: 'Zhu & Gupta 2017, arXiv:1710.01878', options: { sparsity: 0.5 } },
    clock: { step: 7, position: 5, round: 1 },
    state: { best: [0.25, null] },
    phase: 'prune',
    seed: 42,
    learningRate: { start: 5, segments: [{ shape: 'constant', length: 3, value: 0.1 }] },
    masks: new Map([['fc/kernel', Uint8Array.of(0, 1, 1, 0, 1, 0)]]),
    weights: new Map([
      ['fc/kernel', { shape: [3, 2], values: Float32Array.of(0, 1.5, -2, 0, 0.5, 0), trainable: true }],
      ['fc/bias', { shape: [2], values: Float32Array.of(1, 2), trainable: true }],
      ['scale', { shape: [], values: Float32Array.of(3), trainable: false }],
    ]),
    slots: [
      {
        weight: 'fc/kernel',
        slot: 'accumulator',
        initial: 0.1,
        shape: [3, 2],
        values: Float32Array.of(0.1, 4, 5, 0.1, 6, 0.1),
      },
    ],
    optimizer: { className: 'Adagrad', iterations: 7, powers: [] },
    snapshots: new Map([
      ['start', { position: 2, weights: new Map([['fc/bias', { shape: [2], values: Float32Array.of(-1, 0) }]]) }],
    ]),
    model: { class_name: 'Sequential' },
    metadata: { note: 'é' },
  };
}
