import { type Constant, inOrder, isSame, layerShape, type Value } from './entry.js';
import type { FoundLayer, LayerList } from './layer-list.js';
import { refuse } from './node-call.js';

/** Layers whose last weights axis is their outputs. */
const withKernel: ReadonlyMap<string, string> = new Map([
  ['Conv1D', 'kernel'],
  ['Conv2D', 'kernel'],
  ['Dense', 'kernel'],
  ['DepthwiseConv2D', 'depthwise_kernel'],
]);

/** Numbers that a value is multiplied by and that are added, one for all or one for each channel. */
interface Affine {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** The value with the axis last along which a constant varies, and the constant's numbers. */
export function alongLast(
  list: LayerList,
  given: Value,
  { shape, values }: Constant,
): { value: Value; numbers: number[] } {
  const value = list.settled(given);
  const rank = value.shape.length;
  const sides = shape.filter(side => side !== 1);
  const numbers = [...values];
  if (sides.length === 0) return { value, numbers };
  const axis = rank - shape.length + shape.findIndex(side => side !== 1);
  if (sides.length > 1 || axis < 0 || sides[0] !== value.shape[axis])
    return refuse(`a constant of shape [${shape.join(', ')}] for values of shape [batch, ${value.shape.join(', ')}]`);
  if (value.perm[axis] === rank - 1) return { value, numbers };
  const others = inOrder(rank).filter(each => each !== axis);
  const perm = value.perm.map(() => 0);
  for (const [to, from] of [...others, axis].entries()) perm[from] = to;
  return { value: list.as(value, perm), numbers };
}

/** `scale · value + offset`, in the weights of the layer before it if nobody else reads that. */
export function affine(
  list: LayerList,
  value: Value,
  { scale, offset }: Affine,
  name: string,
  isOnlyReader: boolean,
): Value {
  const layer = list.layers.get(value.layer);
  const part = layer && withKernel.get(layer.className);
  if (layer && part && isOnlyReader) {
    list.replace(value.layer, found => folded(found, part, { scale, offset }));
    return value;
  }
  const [scales, offsets] = [scale, offset].map(numbers => (numbers.length === 1 ? numbers[0] : [...numbers]));
  const { shape, perm } = value;
  return list.add({
    className: 'Rescaling',
    name,
    config: { scale: scales, offset: offsets },
    inputs: [value],
    shape,
    perm,
  });
}

function folded(layer: FoundLayer, part: string, { scale, offset }: Affine): FoundLayer {
  const kernel = layer.weights.get(part);
  if (!kernel) return layer;
  const inner =
    part === 'kernel' ? (kernel.shape.at(-1) ?? 1) : (kernel.shape.at(-1) ?? 1) * (kernel.shape.at(-2) ?? 1);
  const at = (numbers: readonly number[], channel: number): number =>
    numbers[numbers.length === 1 ? 0 : channel] as number;
  const values = kernel.values.map((value, index) => value * at(scale, index % inner));
  const old = layer.weights.get('bias')?.values ?? new Float32Array(inner);
  const bias = old.map((value, channel) => value * at(scale, channel) + at(offset, channel));
  const weights = new Map(layer.weights).set(part, { ...kernel, values }).set('bias', { shape: [inner], values: bias });
  return { ...layer, config: { ...layer.config, use_bias: true }, weights };
}

/** Two values with their axes in one order. */
export function aligned(list: LayerList, values: readonly Value[]): readonly Value[] {
  const [first, ...others] = values.map(value => list.settled(value));
  if (!first) return refuse('no inputs');
  const rank = first.shape.length;
  if (others.some(({ shape }) => shape.length !== rank)) return refuse('values with different numbers of axes');
  // The largest stays as it is, and the others are turned.
  const largest = [first, ...others].reduce((left, right) => (sizeOfLayer(right) > sizeOfLayer(left) ? right : left));
  return [first, ...others].map(value => (isSame(value.perm, largest.perm) ? value : list.as(value, largest.perm)));
}

const sizeOfLayer = (value: Value): number =>
  layerShape(value).reduce((size, side) => size * (Number.isNaN(side) ? 1e3 : side), 1);

/** The shape of two that are spread over each other. */
export function spread(left: readonly number[], right: readonly number[]): number[] {
  return left.map((side, axis) => {
    const other = right[axis] as number;
    if (side === 1) return other;
    if (other === 1 || other === side || Number.isNaN(other)) return side;
    return Number.isNaN(side) ? other : refuse(`shapes [${left.join(', ')}] and [${right.join(', ')}]`);
  });
}
