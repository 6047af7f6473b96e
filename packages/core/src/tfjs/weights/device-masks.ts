import * as tf from '@tensorflow/tfjs-core';
import type { ModelWeight } from './model-weight.js';

/** The masks on the device, for layers that have masked entries; others cost nothing. Owns its tensors. */
export class DeviceMasks {
  readonly #masks = new Map<string, tf.Tensor>();
  readonly #weights = new Map<string, tf.Variable>();
  readonly #zeros = new Map<string, tf.Tensor>();

  has(name: string): boolean {
    return this.#masks.has(name);
  }

  set({ name, variable }: ModelWeight, mask: Uint8Array): void {
    this.#masks.get(name)?.dispose();
    this.#masks.delete(name);
    if (!mask.includes(0)) return;
    this.#masks.set(name, tf.keep(tf.tensor(mask.slice(), variable.shape, 'bool')));
    this.#weights.set(name, variable);
    const shape = variable.shape.join();
    if (!this.#zeros.has(shape)) this.#zeros.set(shape, tf.keep(tf.zeros(variable.shape)));
  }

  /**
   * The tensor where the layer is active, `otherwise` (zeros) where it is masked; the tensor itself if nothing is
   * masked. Selects instead of multiplying: NaN times 0 is NaN.
   */
  where(
    name: string,
    tensor: tf.Tensor,
    otherwise: tf.Tensor | undefined = this.#zeros.get(tensor.shape.join()),
  ): tf.Tensor {
    const mask = this.#masks.get(name);
    return mask && otherwise ? tf.where(mask, tensor, otherwise) : tensor;
  }

  /** Sets masked entries of every weight to exactly 0. */
  applyToWeights(): void {
    for (const name of this.#masks.keys()) {
      const variable = this.#weights.get(name);
      if (variable) tf.tidy(() => variable.assign(this.where(name, variable)));
    }
  }

  dispose(): void {
    tf.dispose([...this.#masks.values(), ...this.#zeros.values()]);
    this.#masks.clear();
    this.#zeros.clear();
  }
}
