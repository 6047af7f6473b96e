import fc from 'fast-check';
import type { Lanes } from '../../src/engine/lanes.js';
import { type CheckedLayer, checkLayer } from '../../src/training/check-layer.js';
import type { TrainingLayer, TrainingOptions } from '../../src/training/layer.js';
import { anyLanes, anyPadding, anyWidth, pair } from '../kernels/arbitraries.js';
import { noise } from '../kernels/host-image.js';
import { eachProduct } from '../kernels/products.js';

/** A layer with settings. */
export interface Case {
  readonly layer: TrainingLayer;
  readonly options: TrainingOptions;
}

/** Convolutions of every kind with masks from empty to full; kernels of one pixel and dense layers often among them. */
export const anyCase: fc.Arbitrary<Case> = fc
  .record({
    height: fc.integer({ min: 1, max: 7 }),
    width: anyWidth,
    window: fc.oneof(fc.constant<[number, number]>([1, 1]), pair(1, 3)),
    strides: fc.oneof(fc.constant<[number, number]>([1, 1]), pair(1, 3)),
    dilations: pair(1, 2),
    padding: fc.oneof(fc.constantFrom('same' as const, 'valid' as const), anyPadding),
    groups: fc.integer({ min: 1, max: 3 }),
    depth: fc.integer({ min: 1, max: 5 }),
    outputs: fc.integer({ min: 1, max: 4 }),
    density: fc.constantFrom(0, 0.1, 0.5, 1),
    batch: fc.integer({ min: 1, max: 3 }),
    lanes: anyLanes,
    seed: fc.nat(1000),
  })
  .map(({ height, width, window, groups, depth, outputs, density, batch, lanes, seed, ...rest }) => {
    const kernelShape = [...window, depth, groups * outputs] as const;
    const size = kernelShape.reduce((product, length) => product * length, 1);
    const mask = Uint8Array.from(noise(size, seed), value => ((value + 1) / 2 < density ? 1 : 0));
    const inputShape = [height, width, groups * depth] as const;
    return {
      layer: { ...rest, kernelShape, mask, inputShape, batch, groups },
      options: { lanes: lanes as Lanes, threads: 1 },
    };
  })
  .filter(({ layer }) => isPossible(layer));

function isPossible(layer: TrainingLayer): boolean {
  try {
    checkLayer(layer);
    return true;
  } catch {
    return false;
  }
}

/** Products by slow loops over every weight and pixel, in double precision. */
export interface SlowProducts {
  readonly output: Float64Array;
  readonly inputGradient: Float64Array;
  readonly kernelGradient: Float64Array;
  readonly biasGradient: Float64Array;
}

/** What the products of a layer should be. */
export function slowProducts(
  layer: TrainingLayer,
  kernel: Float32Array,
  bias: Float32Array,
  x: Float32Array,
  dy: Float32Array,
): SlowProducts {
  const checked = checkLayer(layer);
  const [inputs, outputs] = [sizeOf(checked.inputShape), sizeOf(checked.outputShape)];
  const [height, width, channels] = checked.inputShape;
  const results: SlowProducts = {
    output: Float64Array.from({ length: layer.batch * outputs }, (_, i) => valueAt(bias, i % bias.length)),
    inputGradient: new Float64Array(layer.batch * inputs),
    kernelGradient: new Float64Array(kernel.length),
    biasGradient: new Float64Array(bias.length),
  };
  for (let image = 0; image < layer.batch; image++) {
    eachProduct({ height, width, channels }, checked.spec, (weight, from, to) => {
      if (!layer.mask[weight]) return;
      const [i, o] = [image * inputs + from, image * outputs + to];
      add(results.output, o, valueAt(kernel, weight) * valueAt(x, i));
      add(results.inputGradient, i, valueAt(kernel, weight) * valueAt(dy, o));
      add(results.kernelGradient, weight, valueAt(x, i) * valueAt(dy, o));
    });
  }
  dy.forEach((value, i) => {
    add(results.biasGradient, i % bias.length, value);
  });
  return results;
}

function valueAt(values: ArrayLike<number>, index: number): number {
  return values[index] as number;
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = valueAt(sums, index) + value;
}

/** Number of entries. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** Sizes of input and output. */
export function sizesOf(layer: TrainingLayer): readonly [number, number] {
  const { inputShape, outputShape, batch }: CheckedLayer = checkLayer(layer);
  return [batch * sizeOf(inputShape), batch * sizeOf(outputShape)];
}
