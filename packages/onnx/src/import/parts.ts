import { inOrder, layerShape, sizeOf, type Value } from './entry.js';
import type { LayerList } from './layer-list.js';
import { refuse } from './refusal.js';

/** What is cut out along an axis of ONNX, the batch not counted: from one place up to another. */
export interface Part {
  readonly axis: number;
  readonly from: number;
  readonly to: number;
}

/**
 * A part of a value. TensorFlow.js has a layer that cuts off the edges of images, so that the axis is made rows or
 * columns of one, and put back by whoever wants it elsewhere.
 */
export function partOf(list: LayerList, given: Value, { axis, from, to }: Part, name: string): Value {
  const value = list.settled(given);
  const side = value.shape[axis] as number;
  if (from >= to) return refuse('a part of nothing');
  if (from === 0 && to === side) return value;
  const rank = value.shape.length;
  if (rank > 3) return refuse(`a part of ${rank + 1} axes`);
  const cut = rank === 3 ? cutOfImage : cutOfRow;
  return cut(list, value, { axis, from, to }, name);
}

function cutOfImage(list: LayerList, value: Value, part: Part, name: string): Value {
  const turned = value.perm[part.axis] === 2 ? list.as(value, swapped(value.perm)) : value;
  return cropped(list, turned, part, name);
}

/** The last axis and the one before it change places. */
const swapped = (perm: readonly number[]): number[] => perm.map(place => (place === 0 ? 0 : 3 - place));

/** One or two axes are an image with one channel for a moment. */
function cutOfRow(list: LayerList, value: Value, { axis, from, to }: Part, name: string): Value {
  const sides = layerShape(value);
  if (Number.isNaN(sizeOf(sides))) return refuse('a part of a row of any length');
  const place = value.perm[axis] as number;
  const as = (of: Value, shape: number[], suffix: string): Value => {
    const config = { target_shape: shape };
    const { atLeastZero } = value;
    return list.add({
      className: 'Reshape',
      name: `${name}_${suffix}`,
      config,
      inputs: [of],
      shape,
      perm: inOrder(shape.length),
      atLeastZero,
    });
  };
  const image = as(value, [...sides, ...[1, 1].slice(sides.length - 1)], 'image');
  const cut = cropped(list, image, { axis: place, from, to }, name);
  const left = sides.map((side, i) => (i === place ? to - from : side));
  const row = as(cut, left, 'row');
  const shape = value.shape.map((side, i) => (i === axis ? to - from : side));
  return { ...row, shape, perm: value.perm };
}

/** Cuts off what is before and behind the part, along the first or second axis of what the layer gives. */
function cropped(list: LayerList, value: Value, { axis, from, to }: Part, name: string): Value {
  const cropping = [
    [0, 0],
    [0, 0],
  ];
  cropping[value.perm[axis] as number] = [from, (value.shape[axis] as number) - to];
  const shape = value.shape.map((side, i) => (i === axis ? to - from : side));
  const { perm, atLeastZero } = value;
  return list.add({ className: 'Cropping2D', name, config: { cropping }, inputs: [value], shape, perm, atLeastZero });
}
