import { EspalierError, type SafetensorsTensor } from '@espalier/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { every, full, range, tensors } from '../../../test/graph/description.js';
import { changed, changes } from '../../../test/graph/mutate-json.js';
import { InvalidDescriptionError, InvalidGraphError } from '../../errors.js';
import { checkGraph } from '../check-graph.js';
import { graphFromDescription } from './graph-from-description.js';
import type { NodeDescription } from './schema.js';

const read = (change: object, file: ReadonlyMap<string, SafetensorsTensor> = tensors) =>
  graphFromDescription({ ...full, ...change }, file);

const withNode = (change: object, index = 1): object => ({
  nodes: every.map((node, place) => (place === index ? { ...node, ...change } : node)),
});

test.each<[object, RegExp]>([
  [{ format: 'other' }, /format of the description is "other"/],
  [{ layout: undefined }, /layout of the description/],
  [{ extra: 1 }, /field "extra", which is not known/],
  [{ input: { name: 'image', shape: [2, 2] } }, /shape of the input is \[2,2\]/],
  [{ nodes: {} }, /nodes of the description/],
  [withNode({ kind: 'lstm' }), /kind of the node 1 is "lstm", but must be convolution or/],
  [withNode({ kernel: 'nothing' }), /kernel of the node 1 is "nothing", but must be the name of a tensor/],
  [withNode({ kernel: 'b' }), /shape \[4\], but the kernel of the node 1 needs 4 axes/],
  [withNode({ stride: [1, 1] }), /field "stride", which is not known/],
  [withNode({ strides: [0, 1] }), /strides of the node 1 is \[0,1\], but must be 2 integers ≥ 1/],
  [withNode({ groups: 0.5 }), /groups/],
  [withNode({ padding: [1, 1] }), /padding of the node 1 is \[1,1\], but must be 4 integers ≥ 0/],
  [withNode({ epsilon: -1 }, 2), /epsilon of the node 2 is -1, but must be a number ≥ 0/],
  [withNode({ mean: 'c' }, 2), /variance of the node 2 is 4, but must be a tensor of 3 entries/],
  [withNode({ kernel: 'square' }, 10), /of 48 inputs in layout HWIO/],
])('a description is refused with what is wrong: %o', (change, reason) => {
  const file = new Map([...tensors, ['square', range([4, 4], 1)]]);
  expect(() => read(change, file)).toThrow(InvalidDescriptionError);
  expect(() => read(change, file)).toThrow(reason);
});

test('what nodes, shapes and weights contradict is refused as a graph', () => {
  expect(() => read(withNode({ inputs: ['sum'] }))).toThrow(InvalidGraphError);
  expect(() => read(withNode({ inputs: ['sum'] }))).toThrow(/node "conv". There is no earlier node "sum"/);
  expect(() => read(withNode({ bias: 'c' }))).toThrow(/bias has 3 entries/);
  expect(() => read({ output: 'nothing' })).toThrow(/no earlier node "nothing"/);
});

test('a vector in the order channels, height, width is refused where no dense node reads it', () => {
  const flat: NodeDescription = { kind: 'flatten', name: 'flat', inputs: ['image'], order: 'CHW' };
  expect(() => read({ nodes: [flat], output: 'flat' })).toThrow(/order CHW, and the result/);
  const soft: NodeDescription = { kind: 'softmax', name: 'soft', inputs: ['flat'] };
  expect(() => read({ nodes: [flat, soft], output: 'soft' })).toThrow(/read by the softmax node "soft"/);
});

test('tensors of integers that 32-bit floats do not hold are refused', () => {
  const integers = Int32Array.of(1, 2, 3, 2 ** 24 + 1); // the least integer that a 32-bit float cannot be
  const file = new Map(tensors).set('b', { dtype: 'I32', shape: [4], bytes: new Uint8Array(integers.buffer) });
  expect(() => read({}, file)).toThrow(InvalidDescriptionError);
  expect(() => read({}, file)).toThrow(/tensor "b" cannot be read.*16777217.*32-bit floats hold/);
});

test('a changed description gives a valid graph or a coded error, never a crash', () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(changes, fc.constantFrom('HWIO', 'OIHW'), (list, layout) => {
      try {
        checkGraph(graphFromDescription(changed({ ...full, layout }, list), tensors));
      } catch (error) {
        if (EspalierError.isInstance(error)) codes.add(error.code);
        else throw error;
      }
    }),
    { numRuns: 3000 },
  );
  expect([...codes].sort()).toEqual(['INVALID_DESCRIPTION', 'INVALID_GRAPH']);
});
