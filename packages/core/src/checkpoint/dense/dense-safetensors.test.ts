import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tinyCheckpoint } from '../../../test/checkpoint/tiny-checkpoint.js';
import { CorruptCheckpointError, InvalidOptionError } from '../../errors/index.js';
import type { Checkpoint, StoredWeight } from '../checkpoint.js';
import { readSafetensors } from '../safetensors/read-safetensors.js';
import { float32Values } from '../safetensors/values.js';
import { denseSafetensors } from './dense-safetensors.js';
import { transpose } from './transpose.js';

const counted = (shape: readonly number[]): StoredWeight => {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return { shape, values: Float32Array.from({ length: size }, (_, index) => index), trainable: true };
};

function exported(weights: Record<string, readonly number[]>, masks: Checkpoint['masks'] = new Map()) {
  const checkpoint: Checkpoint = {
    ...tinyCheckpoint(),
    masks,
    slots: [],
    snapshots: new Map(),
    weights: new Map(Object.entries(weights).map(([name, shape]) => [name, counted(shape)])),
  };
  return readSafetensors(denseSafetensors(checkpoint, { layout: 'pytorch' }));
}

it('writes every weight under its own name, with zeros where it is masked', () => {
  const { tensors, metadata } = readSafetensors(denseSafetensors(tinyCheckpoint()));
  const read = (name: string) => [tensors.get(name)?.shape, [...float32Values(tensors.get(name)!)]];
  expect([...tensors.keys()]).toEqual(['fc/bias', 'fc/kernel', 'scale']);
  expect(read('fc/kernel')).toEqual([
    [3, 2],
    [0, 1.5, -2, 0, 0.5, 0],
  ]);
  expect(read('fc/bias')).toEqual([[2], [1, 2]]);
  expect(read('scale')).toEqual([[], [3]]);
  expect([...metadata]).toEqual([
    ['espalier.layout', 'tfjs'],
    ['espalier.method', 'magnitude'],
  ]);
});

it('transposes dense and convolution kernels for PyTorch and says so in the metadata', () => {
  const { tensors, metadata } = exported({ 'fc/kernel': [2, 3], 'conv/kernel_1': [1, 2, 2, 3], 'fc/bias': [3] });
  // [[0 1 2] [3 4 5]] transposed
  expect([...float32Values(tensors.get('fc/kernel')!)]).toEqual([0, 3, 1, 4, 2, 5]);
  expect(tensors.get('fc/kernel')?.shape).toEqual([3, 2]);
  // HWIO entry (0, w, i, o) is 6 w + 3 i + o; OIHW lists o, then i, then w: o = 0 → 0 6 3 9
  expect([...float32Values(tensors.get('conv/kernel_1')!)]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
  expect(tensors.get('conv/kernel_1')?.shape).toEqual([3, 2, 1, 2]);
  expect([...float32Values(tensors.get('fc/bias')!)]).toEqual([0, 1, 2]);
  expect(metadata.get('format')).toBe('pt');
  expect(JSON.parse(metadata.get('espalier.transposed')!)).toEqual({
    'fc/kernel': [1, 0],
    'conv/kernel_1': [3, 2, 0, 1],
  });
});

it('gives depthwise kernels the channel order of grouped convolutions in PyTorch', () => {
  // [height 1, width 2, in 2, multiplier 2]: entry (0, w, c, m) is 4 w + 2 c + m; output channel is 2 c + m
  const depthwise = exported({ 'dw/depthwise_kernel': [1, 2, 2, 2] }).tensors.get('dw/depthwise_kernel')!;
  expect(depthwise.shape).toEqual([4, 1, 1, 2]);
  expect([...float32Values(depthwise)]).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
});

it('transposes a prunable weight whatever its name, but neither embeddings nor other matrices', () => {
  const dense = new Uint8Array(6).fill(1);
  const masks = new Map([
    ['w1', dense],
    ['e/embeddings', dense],
  ]);
  const { tensors } = exported({ w1: [2, 3], 'e/embeddings': [2, 3], position: [2, 3] }, masks);
  expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
    ['e/embeddings', [2, 3]],
    ['position', [2, 3]],
    ['w1', [3, 2]],
  ]);
});

it('moves entry (i₀, i₁, …) to the place that the axis order gives it', () => {
  const shapeAndOrder = fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
    .chain(shape => fc.tuple(fc.constant(shape), fc.shuffledSubarray([...shape.keys()], { minLength: shape.length })));
  const offset = (index: readonly number[], shape: readonly number[]): number =>
    index.reduce((sum, place, axis) => sum * shape[axis]! + place, 0);
  fc.assert(
    fc.property(shapeAndOrder, ([shape, order]) => {
      const { values } = counted(shape);
      const moved = transpose(values, shape, order);
      const movedShape = order.map(axis => shape[axis]!);
      values.forEach((value, flat) => {
        const index = shape.map(
          (size, axis) => Math.floor(flat / shape.slice(axis + 1).reduce((a, b) => a * b, 1)) % size,
        );
        expect(
          moved[
            offset(
              order.map(axis => index[axis]!),
              movedShape,
            )
          ],
        ).toBe(value);
      });
    }),
  );
});

it('refuses an unknown layout, the reserved name, and weights that are not 0 where masked', () => {
  const checkpoint = tinyCheckpoint();
  expect(() => denseSafetensors(checkpoint, { layout: 'onnx' as 'tfjs' })).toThrow(InvalidOptionError);
  const reserved = { ...checkpoint, weights: new Map([['__metadata__', counted([1])]]), masks: new Map() };
  expect(() => denseSafetensors(reserved)).toThrow(InvalidOptionError);
  checkpoint.weights.get('fc/kernel')!.values[5] = 1;
  expect(() => denseSafetensors(checkpoint)).toThrow(CorruptCheckpointError);
});
