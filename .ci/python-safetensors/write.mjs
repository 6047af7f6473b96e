// Writes the files that check.py reads. Its values follow formulas that check.py states again in NumPy.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { denseSafetensors, encodeCheckpoint } from '../../packages/core/dist/index.js';
import { writeCheckpoint } from '../../packages/core/dist/node/index.js';

const directory = process.argv[2];
const size = shape => shape.reduce((product, dimension) => product * dimension, 1);
const value = index => (((index * 37) % 101) - 50) / 8;
const isActive = index => (index * index + Math.floor(index / 3)) % 5 === 0;

const shapes = {
  'conv/kernel': [3, 3, 2, 4],
  'depth/depthwise_kernel': [3, 2, 5, 2],
  'fc/kernel': [5, 7],
  'fc/bias': [7],
  'größe "\\ 重み.mask': [2, 9],
  scale: [],
  nothing: [0, 3],
};
const masked = ['conv/kernel', 'fc/kernel', 'größe "\\ 重み.mask', 'nothing'];
const fill = (shape, numbers) => Float32Array.from({ length: size(shape) }, (_, index) => numbers(index));

const masks = new Map(
  masked.map(name => [name, Uint8Array.from({ length: size(shapes[name]) }, (_, i) => (isActive(i) ? 1 : 0))]),
);
const weights = new Map(
  Object.entries(shapes).map(([name, shape]) => {
    const numbers = index => (masks.get(name)?.[index] === 0 ? 0 : value(index));
    return [name, { shape, values: fill(shape, numbers), trainable: name !== 'scale' }];
  }),
);
// Values that text formats lose, at active entries: 0 and 3 are active, since 0 and 9 + 1 are multiples of 5.
weights.get('fc/kernel').values.set([Number.NaN], 0);
weights.get('fc/kernel').values.set([Number.NEGATIVE_INFINITY], 3);
weights.get('fc/bias').values.set([-0, 2 ** -149], 0);

const slot = (weight, initial) => ({
  weight,
  slot: 'accumulator',
  initial,
  shape: shapes[weight],
  values: fill(shapes[weight], index => (masks.get(weight)?.[index] === 0 ? initial : value(index) ** 2)),
});
const checkpoint = {
  format: 'espalier-checkpoint/1',
  method: { name: 'magnitude', citation: 'Zhu & Gupta 2017', options: { sparsity: 0.8 } },
  clock: { step: 12, position: 10, round: 1 },
  state: { text: 'weiß "quoted" \\ \u2028' },
  phase: '',
  seed: 3,
  learningRate: null,
  masks,
  weights,
  slots: [slot('fc/kernel', 0.1), slot('fc/bias', 0)],
  optimizer: { className: 'Adagrad', iterations: 12, powers: [] },
  snapshots: new Map([['start', { position: 4, weights: new Map([['fc/bias', weights.get('fc/bias')]]) }]]),
  model: null,
  metadata: {},
};

await writeCheckpoint(join(directory, 'sparse.safetensors'), checkpoint);
writeFileSync(join(directory, 'dense.safetensors'), denseSafetensors(checkpoint));
writeFileSync(join(directory, 'pytorch.safetensors'), denseSafetensors(checkpoint, { layout: 'pytorch' }));
const damaged = encodeCheckpoint(checkpoint);
damaged[damaged.length - 1] ^= 1;
writeFileSync(join(directory, 'damaged.safetensors'), damaged);

// A reparameterization whose masks act on the effective weights keeps the slots of such a weight dense.
const beneath = {
  masking: 'effective',
  raw: new Map([['fc/kernel', { shape: shapes['fc/kernel'], values: fill(shapes['fc/kernel'], value) }]]),
  parameters: [{ weight: 'fc/kernel', name: 'threshold', slots: ['accumulator'], values: Float32Array.of(-5, 0.25) }],
};
const denseSlot = { ...slot('fc/kernel', 0.1), values: fill(shapes['fc/kernel'], index => value(index) ** 2) };
await writeCheckpoint(join(directory, 'hooked.safetensors'), {
  ...checkpoint,
  slots: [denseSlot, slot('conv/kernel', 0.1)],
  reparameterization: beneath,
});
