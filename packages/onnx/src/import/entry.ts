import type { Numbers } from '../format/reading/tensor-values.js';

/** A constant of the graph. A number that depends on the size of the batch, or of an image of any size, is NaN. */
export interface Constant {
  readonly kind: 'constant';
  readonly shape: readonly number[];
  readonly values: Numbers;
}

/** What an elementwise chain makes of some numbers of a tensor, to tell which activation it is. */
export interface Curve {
  readonly source: Value;
  readonly samples: Float64Array;
}

/**
 * A value that a layer gives.
 *
 * `shape` is ONNX's without the batch, NaN for axes of any length. Axis `i` of it is axis `perm[i]` of what the layer
 * gives: images have `[2, 0, 1]`, since their channels come last in TensorFlow.js.
 */
export interface Value {
  readonly kind: 'value';
  /** Name of the layer that gives it. */
  readonly layer: string;
  readonly shape: readonly number[];
  readonly perm: readonly number[];
  /** True if no number is below 0, so that padding with zeros does not change a maximum. */
  readonly atLeastZero: boolean;
  /** The image of which this is all numbers in ONNX's order, before anything was turned. */
  readonly flattened: Value | undefined;
  /** How it depends on the values before it, itself first. */
  readonly curves: readonly Curve[];
}

/** A value that no layer can give; whatever reads it is left out too. */
export interface Missing {
  readonly kind: 'missing';
  readonly curves: readonly Curve[];
  readonly nodes: ReadonlySet<number>;
}

export type Entry = Constant | Value | Missing;

/** Axes of an image or sequence in TensorFlow.js by those of ONNX: channels first there, last here. */
export const channelsLast = (rank: number): number[] => [
  rank - 1,
  ...Array.from({ length: rank - 1 }, (_, axis) => axis),
];

export const inOrder = (rank: number): number[] => Array.from({ length: rank }, (_, axis) => axis);

export const isSame = (left: readonly number[], right: readonly number[]): boolean => left.join() === right.join();

/** Shape of what the layer gives, without the batch. */
export function layerShape({ shape, perm }: Pick<Value, 'shape' | 'perm'>): number[] {
  const sides = shape.map(() => 0);
  for (const [axis, to] of perm.entries()) sides[to] = shape[axis] as number;
  return sides;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);
