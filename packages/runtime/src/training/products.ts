import { Access } from './access.js';
import { checkLength, checkWeights } from './check-values.js';
import { load, read, run, sizeOf, type TrainingMachine, type TrainingProduct } from './machine.js';
import { spreadOut, writeBias, writeWeights } from './packing/values.js';
import { checkImages, checkProduct, type ImageShapes, roundTrip } from './round-trip.js';

/**
 * The products that training a sparse layer needs, each computed from the kept weights alone: what comes out, and the
 * gradients by what goes in and by the kept weights. Made by {@link trainingProducts}.
 *
 * {@link TrainingProducts.forward}, {@link TrainingProducts.inputGradient}, {@link TrainingProducts.filterGradient} and
 * {@link TrainingProducts.biasGradient} take and return images as TensorFlow.js has them. Turning them into the kernels'
 * own arrangement and back costs passes over memory, which the more zeros there are weigh the more. To go without, for example
 * to time the products alone, use {@link TrainingProducts.load}, {@link TrainingProducts.compute} and
 * {@link TrainingProducts.read}: what is loaded and computed stays in place until it is loaded or computed anew.
 *
 * Calls are carried out one after the other, in the order in which they were made. Weights and biases are zero at first.
 *
 * @example
 * ```ts
 * import type { TrainingProducts } from '@espalier/runtime';
 *
 * // Milliseconds of a forward product without the ways in and out.
 * export async function timeForward(products: TrainingProducts, images: Float32Array): Promise<number> {
 *   await products.load('input', images);
 *   const begin = performance.now();
 *   await products.compute('forward');
 *   return performance.now() - begin;
 * }
 * ```
 */
export class TrainingProducts {
  /** `[batch, height, width, channels]` of what goes in. */
  readonly inputShape: readonly [number, number, number, number];
  /** `[batch, height, width, channels]` of what comes out. */
  readonly outputShape: readonly [number, number, number, number];
  /** `[height, width, in / groups, out]`. */
  readonly kernelShape: readonly [number, number, number, number];
  /** Index into the kernel of every kept weight, ascending: the order of weights and of their gradients. */
  readonly indices: Int32Array;
  readonly #access: Access;

  /** @internal */
  constructor(machine: TrainingMachine) {
    const { layer } = machine;
    this.#access = new Access(machine);
    this.inputShape = [layer.batch, ...layer.inputShape];
    this.outputShape = [layer.batch, ...layer.outputShape];
    this.kernelShape = [...layer.spec.kernelShape];
    this.indices = layer.indices.slice();
  }

  /**
   * Takes new weights. Their places stay, so this is one copy of the kept weights for each direction; nothing is packed anew.
   *
   * @param values - One weight for each of {@link TrainingProducts.indices}, or the whole kernel, of which what the mask leaves
   * out is ignored.
   * @throws {@link InvalidInputError} if there are as many values as neither of the two, or they are no `Float32Array`.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async setWeights(values: Float32Array): Promise<void> {
    checkWeights(values, this.indices.length, sizeOf(this.kernelShape));
    await this.#access.use(async machine => {
      writeWeights(machine.engine.heap, machine.packed.weights, this.indices, values);
      await run(machine, 'refresh');
    });
  }

  /**
   * Takes a new bias.
   *
   * @param values - One value for each channel that comes out.
   * @throws {@link InvalidInputError} if there are more or fewer, or they are no `Float32Array`.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async setBias(values: Float32Array): Promise<void> {
    checkLength('bias', values, this.outputShape[3]);
    await this.#access.use(({ engine, packed }) => writeBias(engine.heap, packed.forward.chunks, values));
  }

  /**
   * What comes out: the convolution of the images with the kept weights, and the bias.
   *
   * @param input - A batch of images, `[batch, height, width, channels]`. 0 · NaN and 0 · ∞ of weights left out add nothing.
   * @returns Images of {@link TrainingProducts.outputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  forward(input: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#access, this.#shapes, 'forward', { input });
  }

  /**
   * Gradient by what goes in: the transposed convolution of the gradient by what comes out with the kept weights.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns Images of {@link TrainingProducts.inputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  inputGradient(outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#access, this.#shapes, 'inputGradient', { outputGradient });
  }

  /**
   * Gradient by the kept weights, summed over the batch. Gradients at places that the mask leaves out are not computed.
   *
   * @param input - Images of {@link TrainingProducts.inputShape}.
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each of {@link TrainingProducts.indices}; {@link TrainingProducts.toKernel} makes a kernel of them.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  filterGradient(input: Float32Array, outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#access, this.#shapes, 'filterGradient', { input, outputGradient });
  }

  /**
   * Gradient by the bias: the sum of the gradient by what comes out over all pixels of all images.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each channel that comes out.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  biasGradient(outputGradient: Float32Array): Promise<Float32Array> {
    return roundTrip(this.#access, this.#shapes, 'biasGradient', { outputGradient });
  }

  /**
   * A whole kernel with values at the kept places and zeros elsewhere.
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
   * Brings images into the kernels' arrangement, where they stay.
   *
   * @param tensor - What they are: `input`, or `outputGradient`.
   * @param values - Images of {@link TrainingProducts.inputShape} or {@link TrainingProducts.outputShape}.
   * @throws {@link InvalidOptionError} if there is no such tensor; otherwise the same as {@link TrainingProducts.setBias}.
   */
  async load(tensor: 'input' | 'outputGradient', values: Float32Array): Promise<void> {
    checkImages(tensor, values, this.#shapes);
    await this.#access.use(machine => load(machine, tensor, values));
  }

  /**
   * Computes one product of what was loaded last: `forward` of the input, `inputGradient` of the gradient by what comes out,
   * `filterGradient` of both. With one thread all work is done when the call returns, before the promise is settled.
   *
   * @param product - Which one.
   * @throws {@link InvalidOptionError} if there is no such product.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async compute(product: TrainingProduct): Promise<void> {
    checkProduct(product, ['forward', 'inputGradient', 'filterGradient']);
    await this.#access.use(machine => run(machine, product));
  }

  /**
   * Reads what was computed last, in the order in which callers have it.
   *
   * @param product - Which one; `biasGradient` is summed up now from the loaded gradient by what comes out.
   * @returns Images, gradients of the kept weights, or one value for each channel that comes out, in memory of their own.
   * @throws {@link InvalidOptionError} if there is no such product.
   * @throws {@link TrainingProductsDisposedError} if the memory was given back.
   * @throws {@link ThreadLostError} if a thread died or stopped answering; this and every later call then fails.
   */
  async read(product: TrainingProduct | 'biasGradient'): Promise<Float32Array> {
    checkProduct(product, ['forward', 'inputGradient', 'filterGradient', 'biasGradient']);
    return this.#access.use(machine => read(machine, product));
  }

  /**
   * Gives the memory back and ends the threads. Calls under way are finished first; later ones fail.
   *
   * @returns A promise that is settled when that is done. Disposing twice does nothing more.
   */
  dispose(): Promise<void> {
    return this.#access.end();
  }

  get #shapes(): ImageShapes {
    return { input: this.inputShape, outputGradient: this.outputShape };
  }
}
