import * as tf from '@tensorflow/tfjs-core';

/**
 * Makes a tensor anew, on whichever backend is current, of a copy of its numbers: kernels of cpu write into what they
 * are given.
 */
export type Make = () => tf.Tensor;

/** Numbers that trip kernels up. */
const SPECIAL = [0, -0, 1, -1, 0.5, -0.5, 2.5, -2.5, 1e-30, -1e30, 3e38, Number.NaN, Infinity, -Infinity];

/** Choices that depend on the seed alone (Numerical Recipes' linear congruential generator). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 2654435761) >>> 0;
    this.#next();
  }

  #next(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** An integer from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.#next() * (to - from + 1));
  }

  bool(): boolean {
    return this.#next() < 0.5;
  }

  pick<Value>(values: readonly Value[]): Value {
    return values[this.int(0, values.length - 1)]!;
  }

  /** A shape of `least` to `most` axes of 1 to `size` entries. */
  shape(least: number, most: number, size = 5): number[] {
    return Array.from({ length: this.int(least, most) }, () => this.int(1, size));
  }

  /** An axis of a tensor of this rank, negative half the time. */
  axis(rank: number): number {
    const axis = this.int(0, rank - 1);
    return this.bool() ? axis : axis - rank;
  }

  /** Nothing, one axis, or several in any order and sign. */
  axes(rank: number): number | number[] | undefined {
    const kind = this.int(0, 3);
    if (kind === 0) return undefined;
    if (kind === 1) return this.axis(rank);
    const some = this.shuffled(Array.from({ length: rank }, (_, i) => i)).slice(0, this.int(1, rank));
    return some.map(axis => (this.bool() ? axis : axis - rank));
  }

  shuffled<Value>(values: readonly Value[]): Value[] {
    const order = [...values];
    for (let i = order.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    return order;
  }

  /** Floats in [-1, 1) times `scale`. */
  floats(shape: readonly number[], scale = 1): Make {
    const values = Float32Array.from(
      { length: tf.util.sizeFromShape([...shape]) },
      () => (2 * this.#next() - 1) * scale,
    );
    return () => tf.tensor(values.slice(), [...shape]);
  }

  /** Floats of few values, so that many are equal, some of them 0. */
  ties(shape: readonly number[]): Make {
    const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => this.int(-2, 2));
    return () => tf.tensor(values.slice(), [...shape]);
  }

  /** Floats in [from, to). */
  between(shape: readonly number[], from: number, to: number): Make {
    const values = Float32Array.from(
      { length: tf.util.sizeFromShape([...shape]) },
      () => from + (to - from) * this.#next(),
    );
    return () => tf.tensor(values.slice(), [...shape]);
  }

  /** NaN, infinities, signed zeros and numbers near the ends of the range among plain ones. */
  special(shape: readonly number[]): Make {
    const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => this.pick(SPECIAL));
    return () => tf.tensor(values.slice(), [...shape]);
  }

  /** Integers from `from` to `to`. */
  ints(shape: readonly number[], from = -5, to = 5): Make {
    const values = Int32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => this.int(from, to));
    return () => tf.tensor(values.slice(), [...shape], 'int32');
  }

  bools(shape: readonly number[]): Make {
    const values = Uint8Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => this.int(0, 1));
    return () => tf.tensor(values.slice(), [...shape], 'bool');
  }

  /** Any of the kinds above but truth values. */
  number(shape: readonly number[]): Make {
    return this.pick([
      () => this.floats(shape, 3),
      () => this.ties(shape),
      () => this.special(shape),
      () => this.ints(shape),
    ])();
  }

  /** Any of the kinds above. */
  any(shape: readonly number[]): Make {
    return this.pick([
      () => this.floats(shape, 3),
      () => this.ties(shape),
      () => this.special(shape),
      () => this.ints(shape),
      () => this.bools(shape),
    ])();
  }
}
