import { Exclusive } from '../executor/exclusive.js';
import { checkLength, checkWeights } from './check-values.js';
import { TrainingProductsDisposedError } from './errors.js';
import { load, read, run, sizeOf, type TrainingExecution, type TrainingProduct } from './execution.js';
import { spreadOut, writeBias, writeWeights } from './packing/values.js';
import { checkImages, checkProduct, type ImageShapes, roundTrip } from './round-trip.js';

/**
 * The products that training a sparse layer needs, each computed from the active weights alone: the output, and the
 * gradients with respect to the input and to the active weights. Made by {@link trainingProducts}.
 *
 * {@link TrainingProducts.forward}, {@link TrainingProducts.inputGradient}, {@link TrainingProducts.filterGradient} and
 * {@link TrainingProducts.biasGradient} take and return images as TensorFlow.js has them. Turning them into the
 * kernels' own layout and back costs passes over memory, which weigh the more, the sparser the layer is. To avoid them,
 * for example to time the products alone, use {@link TrainingProducts.load}, {@link TrainingProducts.compute} and
 * {@link TrainingProducts.read}: what is loaded and computed stays in place until it is loaded or computed anew.
 *
 * Calls are carried out one after the other, in the order in which they were made. Weights and biases are zero at
 * first.
 *
 * @example
 * ```ts
 * import type { TrainingProducts } from '@espalier/runtime';
 *
 * // Milliseconds of a forward product without the changes of layout.
 * export async function timeForward(products: TrainingProducts, images: Float32Array): Promise<number> {
 *   await products.load('input', images);
 *   const begin = performance.now();
 *   await products.compute('forward');
 *   return performance.now() - begin;
 * }
 * ```
 */
export class TrainingProducts {
  /** `[batch, height, width, channels]` of the input. */
  readonly inputShape: readonly [number, number, number, number];
  /** `[batch, height, width, channels]` of the output. */
  readonly outputShape: readonly [number, number, number, number];
  /** `[height, width, in / groups, out]`. */
  readonly kernelShape: readonly [number, number, number, number];
  /** Index into the kernel of every active weight, ascending: the order of weights and of their gradients. */
  readonly indices: Int32Array;
  readonly #execution: Exclusive<TrainingExecution>;

  /** @internal */
  constructor(execution: TrainingExecution) {
    const { layer } = execution;
    this.#execution = new Exclusive(execution, () => new TrainingProductsDisposedError());
    this.inputShape = [layer.batch, ...layer.inputShape];
    this.outputShape = [layer.batch, ...layer.outputShape];
    this.kernelShape = [...layer.spec.kernelShape];
    this.indices = layer.indices.slice();
  }

  /**
   * Sets the active weights. The mask stays, so this copies the active weights once for each direction; nothing is
   * packed anew.
   *
   * @param values - One weight for each of {@link TrainingProducts.indices}, or the whole kernel, whose masked entries
   * are ignored.
   * @throws {@link InvalidInputError} if there are as many values as neither of the two, or they are no `Float32Array`.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async setWeights(values: Float32Array): Promise<void> {
    checkWeights(values, this.indices.length, sizeOf(this.kernelShape));
    await this.#execution.use(async execution => {
      writeWeights(execution.engine.heap, execution.packed.weights, this.indices, values);
      await run(execution, 'refresh');
    });
  }

  /**
   * Sets the bias.
   *
   * @param values - One value for each output channel.
   * @throws {@link InvalidInputError} if there are more or fewer, or they are no `Float32Array`.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async setBias(values: Float32Array): Promise<void> {
    checkLength('bias', values, this.outputShape[3]);
    await this.#execution.use(({ engine, packed }) => writeBias(engine.heap, packed.forward.chunks, values));
  }

  /**
   * The output: the convolution of the input with the active weights, plus the bias.
   *
   * @param input - A batch of images, `[batch, height, width, channels]`. 0 · NaN and 0 · ∞ of masked weights add
   *   nothing.
   * @returns Images of {@link TrainingProducts.outputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  forward(input: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#execution, this.#shapes, 'forward', { input });
  }

  /**
   * The gradient with respect to the input: the transposed convolution of the output's gradient with the active
   * weights.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns Images of {@link TrainingProducts.inputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  inputGradient(outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#execution, this.#shapes, 'inputGradient', { outputGradient });
  }

  /**
   * The gradient with respect to the active weights, summed over the batch. Gradients of masked entries are not
   * computed.
   *
   * @param input - Images of {@link TrainingProducts.inputShape}.
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each of {@link TrainingProducts.indices}; {@link TrainingProducts.toKernel} makes a kernel
   *   of them.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  filterGradient(input: Float32Array, outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#execution, this.#shapes, 'filterGradient', { input, outputGradient });
  }

  /**
   * The gradient with respect to the bias: the sum of the output's gradient over all pixels of all images.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each output channel.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  biasGradient(outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#execution, this.#shapes, 'biasGradient', { outputGradient });
  }

  /**
   * A whole kernel with values at the active entries and zeros elsewhere.
   *
   * @param values - One value for each of {@link TrainingProducts.indices}, such as weights or their gradients.
   * @returns The kernel, row-major `[height, width, in / groups, out]`.
   * @throws {@link InvalidInputError} if there are more or fewer values.
   */
  toKernel(values: Float32Array): Float32Array {
    checkLength('values', values, this.indices.length);
    return spreadOut(values, this.indices, sizeOf(this.kernelShape));
  }

  /**
   * Copies images into the kernels' layout, where they stay.
   *
   * @param tensor - What they are: `input`, or `outputGradient`.
   * @param values - Images of {@link TrainingProducts.inputShape} or {@link TrainingProducts.outputShape}.
   * @throws {@link InvalidOptionError} if there is no such tensor; otherwise the same as
   *   {@link TrainingProducts.setBias}.
   */
  async load(tensor: 'input' | 'outputGradient', values: Float32Array): Promise<void> {
    checkImages(tensor, values, this.#shapes);
    await this.#execution.use(execution => load(execution, tensor, values));
  }

  /**
   * Computes one product of what was loaded last: `forward` of the input, `inputGradient` of the output's gradient,
   * `filterGradient` of both. With one thread all work is done when the call returns, before the promise is settled.
   *
   * @param product - Which one.
   * @throws {@link InvalidOptionError} if there is no such product.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async compute(product: TrainingProduct): Promise<void> {
    checkProduct(product, ['forward', 'inputGradient', 'filterGradient']);
    await this.#execution.use(execution => run(execution, product));
  }

  /**
   * Reads what was computed last, in the order in which callers have it.
   *
   * @param product - Which one; `biasGradient` is summed up now from the loaded gradient of the output.
   * @returns Images, gradients of the active weights, or one value for each output channel, in memory of their own.
   * @throws {@link InvalidOptionError} if there is no such product.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async read(product: TrainingProduct | 'biasGradient'): Promise<Float32Array> {
    checkProduct(product, ['forward', 'inputGradient', 'filterGradient', 'biasGradient']);
    return this.#execution.use(execution => read(execution, product));
  }

  /**
   * Gives the memory back and ends the threads. Calls under way are finished first; later ones fail.
   *
   * @returns A promise that is settled when that is done. Disposing twice does nothing more.
   */
  dispose(): Promise<void> {
    return this.#execution.dispose();
  }

  get #shapes(): ImageShapes {
    return { input: this.inputShape, outputGradient: this.outputShape };
  }
}
