import * as tf from '@tensorflow/tfjs-core';
import type { StoredSum } from '../../checkpoint/sums/stored-sum.js';
import { type GradientSum, gradientSums } from '../../method/gradient-sum.js';
import type { LayerView } from '../../method/layer.js';
import { readFloats } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';

/**
 * One kind of sum on the device: how many steps were added, and a tensor for each weight that got a gradient in one of
 * them.
 */
interface DeviceSum {
  readonly steps: number;
  readonly tensors: ReadonlyMap<string, tf.Tensor>;
}

/** What one step adds to a sum. */
const termOf: Readonly<Record<GradientSum, (gradient: tf.Tensor, weight: tf.Tensor) => tf.Tensor>> = {
  gradient: gradient => gradient,
  absoluteGradient: gradient => tf.abs(gradient),
  squaredGradient: gradient => tf.square(gradient),
  gradientTimesWeight: (gradient, weight) => tf.mul(gradient, weight),
};

/**
 * Sums of gradients over steps that a method's plans ask for. Owns its tensors; without a plan that asks it has none.
 */
export class GradientSums {
  readonly #sums = new Map<GradientSum, DeviceSum>();

  get isEmpty(): boolean {
    return this.#sums.size === 0;
  }

  /** Steps that were added to each kind. */
  get steps(): Readonly<Partial<Record<GradientSum, number>>> {
    return Object.fromEntries(this.#inOrder().map(([kind, { steps }]) => [kind, steps]));
  }

  /**
   * Adds a step's gradients, in the order of the table's trainable weights, which hold the weights that the gradients
   * belong to until `update` runs. If it throws, nothing was added.
   */
  add(
    kinds: readonly GradientSum[],
    { trainable }: WeightTable,
    gradients: readonly (tf.Tensor | undefined)[],
    update: () => void,
  ): void {
    const added = tf.tidy(() =>
      kinds.map(kind => {
        const sums = this.#sums.get(kind)?.tensors;
        return trainable.flatMap(({ name, prunable, variable }, i) => {
          const gradient = gradients[i];
          if (!prunable || !gradient) return [];
          const sum = sums?.get(name) ?? tf.zerosLike(gradient);
          return [{ name, tensor: tf.add(sum, termOf[kind](gradient, variable)) }];
        });
      }),
    );
    for (const { tensor } of added.flat()) tf.keep(tensor); // outlives the tidy that `fit` runs each step in
    try {
      update();
    } catch (error) {
      tf.dispose(added.flat().map(({ tensor }) => tensor));
      throw error;
    }
    for (const [i, kind] of kinds.entries()) this.#replace(kind, added[i] ?? []);
  }

  #replace(kind: GradientSum, added: readonly { readonly name: string; readonly tensor: tf.Tensor }[]): void {
    const { steps, tensors } = this.#sums.get(kind) ?? { steps: 0, tensors: new Map<string, tf.Tensor>() };
    tf.dispose(added.flatMap(({ name }) => tensors.get(name) ?? []));
    const next = new Map([...tensors, ...added.map(({ name, tensor }) => [name, tensor] as const)]);
    this.#sums.set(kind, { steps: steps + 1, tensors: next });
  }

  /** All sums of a weight; zeros where it never got a gradient. */
  async view(name: string, size: number): Promise<NonNullable<LayerView['sums']>> {
    const read = this.#inOrder().map(async ([kind, { tensors }]) => {
      const tensor = tensors.get(name);
      return [kind, tensor ? await readFloats(tensor) : new Float32Array(size)] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }

  /** As data, kinds and weights in a fixed order. */
  store({ prunable }: WeightTable): Promise<StoredSum[]> {
    return Promise.all(
      this.#inOrder().map(async ([kind, { steps, tensors }]) => {
        const read = prunable.map(async ({ name }) => {
          const tensor = tensors.get(name);
          return tensor ? [[name, { shape: tensor.shape, values: await readFloats(tensor) }] as const] : [];
        });
        return { kind, steps, weights: new Map((await Promise.all(read)).flat()) };
      }),
    );
  }

  /** Puts back what {@link store} gave. */
  restore(stored: readonly StoredSum[]): void {
    for (const { kind, steps, weights } of stored) {
      const tensors = [...weights].map(([name, { shape, values }]) => {
        return [name, tf.keep(tf.tensor(values.slice(), [...shape]))] as const;
      });
      this.#sums.set(kind, { steps, tensors: new Map(tensors) });
    }
  }

  /** Ends all sums; the next step that is added begins at 0. */
  reset(): void {
    for (const { tensors } of this.#sums.values()) tf.dispose([...tensors.values()]);
    this.#sums.clear();
  }

  #inOrder(): (readonly [GradientSum, DeviceSum])[] {
    return gradientSums.flatMap(kind => {
      const sum = this.#sums.get(kind);
      return sum ? [[kind, sum] as const] : [];
    });
  }
}
