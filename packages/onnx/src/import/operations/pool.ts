import { channelsLast, layerShape, type Value } from '../entry.js';
import { axisOf, type NodeCall, type Operation, refuse } from '../node-call.js';
import { bordered, paddingWord, spaceAfter, type Window, windowOf } from '../window.js';

const pool =
  (className: 'MaxPooling' | 'AveragePooling'): Operation =>
  call => {
    const { list, name } = call;
    const value = call.value();
    const [channels = 0, ...space] = value.shape;
    const axes = space.length;
    if (axes !== 1 && axes !== 2) return refuse(`an input of ${axes + 2} axes`);
    const kernel = call.integers('kernel_shape') ?? refuse('no kernel_shape');
    const said = windowOf(call, space, kernel);
    if (said.dilations.some(side => side !== 1)) return refuse('dilations');
    const window = call.integer('ceil_mode', 0) === 1 ? withCeiling(space, said, className) : said;
    const word = paddingWord(space, window);
    const counts = className === 'AveragePooling' && call.integer('count_include_pad', 0) === 1;
    const asWord = word === 'valid' || (word === 'same' && !counts);
    if (!asWord && className === 'MaxPooling' && !value.atLeastZero)
      return (
        aroundEachPlace(call, value, window) ??
        refuse('pads of numbers that may be below 0, which TensorFlow.js pads with 0')
      );
    if (!asWord && className === 'AveragePooling' && !counts)
      return refuse('pads that count_include_pad 0 leaves out, other than those of auto_pad SAME_UPPER');
    const image = list.image(value);
    return list.add({
      className: `${className}${axes}D`,
      name,
      config: { pool_size: [...kernel], strides: [...window.strides], padding: asWord ? word : 'valid' },
      inputs: [asWord ? image : bordered(call, image, window.pads, `${name}_pad`)],
      shape: [channels, ...spaceAfter(space, window)],
      perm: channelsLast(axes + 1),
      atLeastZero: value.atLeastZero,
    });
  };

/**
 * Maxima of numbers that may be below 0, so that zeros must not be put around them: those around every place, which
 * TensorFlow.js takes of what is there, and of these some. Undefined unless windows reach as far to all sides.
 */
function aroundEachPlace({ list, name }: NodeCall, value: Value, window: Window): Value | undefined {
  const { kernel, strides, pads } = window;
  if (kernel.some((side, axis) => pads[axis]?.some(pad => pad !== (side - 1) / 2))) return undefined;
  const [channels = 0, ...space] = value.shape;
  const pooled = (
    of: Value,
    as: string,
    pool_size: readonly number[],
    steps: readonly number[],
    sides: number[],
  ): Value =>
    list.add({
      className: `MaxPooling${space.length}D`,
      name: as,
      config: { pool_size: [...pool_size], strides: [...steps], padding: 'same' },
      inputs: [of],
      shape: [channels, ...sides],
      perm: channelsLast(space.length + 1),
      atLeastZero: value.atLeastZero,
    });
  const one = kernel.map(() => 1);
  const all = pooled(list.image(value), `${name}_each`, kernel, one, space);
  return pooled(all, name, one, strides, spaceAfter(space, window));
}

/** The padding after the last place that the last window of `ceil_mode` reaches into. */
function withCeiling(space: readonly number[], window: Window, className: string): Window {
  const { kernel, strides, pads } = window;
  const [floor, ceil] = [spaceAfter(space, window), spaceAfter(space, window, true)];
  if (strides.every(stride => stride === 1)) return window;
  if (floor.some(Number.isNaN)) return refuse('ceil_mode 1 over images of any size; export it with images of one size');
  if (floor.join() === ceil.join()) return window;
  if (className === 'AveragePooling') return refuse('ceil_mode 1');
  const longer = pads.map(([before, after], axis): readonly [number, number] => {
    const [size = 0, side = 1, stride = 1] = [space[axis], kernel[axis], strides[axis]];
    // A window that would begin after the image is left out.
    const places = ((ceil[axis] ?? 1) - 1) * stride >= size + before ? (ceil[axis] ?? 1) - 1 : (ceil[axis] ?? 1);
    return [before, Math.max(after, (places - 1) * stride + side - size - before)];
  });
  return { ...window, pads: longer };
}

/** One number for each channel; as an image of one place where the axes stay. */
function globalPool({ list, name }: NodeCall, value: Value, className: string, keeps: boolean): Value {
  const [channels = 0, ...space] = value.shape;
  if (space.length !== 1 && space.length !== 2) return refuse(`an input of ${space.length + 2} axes`);
  const { atLeastZero } = value;
  const pooled = list.add({
    className: `${className}${space.length}D`,
    name,
    inputs: [list.image(value)],
    shape: [channels],
    perm: [0],
    atLeastZero,
  });
  return keeps ? list.reshape(pooled, [channels, ...space.map(() => 1)], `${name}_place`) : pooled;
}

/** One number for all places, or for each row or column. */
const over =
  (kind: 'Average' | 'Max'): Operation =>
  call => {
    const value = call.value();
    const rank = value.shape.length + 1;
    const axes = (call.integersAt(1, 'axes') ?? []).map(axis => axisOf(axis, rank)).sort((a, b) => a - b);
    const keeps = call.integer('keepdims', 1) === 1;
    const places = Array.from({ length: rank - 2 }, (_, axis) => axis + 2);
    if (axes.join() === places.join()) return globalPool(call, value, `Global${kind}Pooling`, keeps);
    // Over all but the last: images or sequences whose channels come last in ONNX.
    if (axes.join() === places.map(axis => axis - 1).join() && !keeps) {
      const turned = [rank - 2, ...places.map(axis => axis - 2)];
      const shape = turned.map(axis => value.shape[axis] as number);
      const perm = turned.map(axis => value.perm[axis] as number);
      return globalPool(call, { ...call.list.settled(value), shape, perm }, `Global${kind}Pooling`, false);
    }
    if (value.shape.length === 3 && axes.length === 1 && (axes[0] as number) >= 2)
      return overOneAxis(call, value, kind, axes[0] as number, keeps);
    return refuse(`axes ${axes.join(', ') || '(all)'}; supported: all places of images or sequences`);
  };

/** One number for each row or each column of an image: a pool as long as they are. */
function overOneAxis(
  { list, name }: NodeCall,
  value: Value,
  kind: 'Average' | 'Max',
  axis: number,
  keeps: boolean,
): Value {
  const [channels = 1, ...space] = value.shape;
  const pool_size = space.map((side, i) => (i === axis - 2 ? side : 1));
  if (pool_size.some(Number.isNaN)) return refuse(`axis ${axis} of any length`);
  const shape = [channels, ...space.map((side, i) => (i === axis - 2 ? 1 : side))];
  const { atLeastZero } = value;
  const config = { pool_size, strides: pool_size, padding: 'valid' };
  const perm = channelsLast(3);
  const pooled = list.add({
    className: `${kind}Pooling2D`,
    name,
    config,
    inputs: [list.image(value)],
    shape,
    perm,
    atLeastZero,
  });
  if (keeps) return pooled;
  const left = shape.filter((_, i) => i !== axis - 1);
  const target_shape = layerShape({ shape: left, perm: channelsLast(2) });
  return list.add({
    className: 'Reshape',
    name: `${name}_row`,
    config: { target_shape },
    inputs: [pooled],
    shape: left,
    perm: channelsLast(2),
    atLeastZero,
  });
}

/** Pools, and means and maxima over all places. */
export const pools: Readonly<Record<string, Operation>> = {
  MaxPool: pool('MaxPooling'),
  AveragePool: pool('AveragePooling'),
  GlobalAveragePool: call => globalPool(call, call.value(), 'GlobalAveragePooling', true),
  GlobalMaxPool: call => globalPool(call, call.value(), 'GlobalMaxPooling', true),
  ReduceMean: over('Average'),
  ReduceMax: over('Max'),
};
