import { InvalidInputError } from '../plan/errors.js';
import { Access } from './access.js';
import { writeBias } from './gradients.js';
import { load, read, run, sizeOf, type TrainingMachine, type TrainingProduct } from './machine.js';

/**
 * The products that training a sparse layer needs, each computed from the kept weights alone: what comes out, and the
 * gradients by what goes in and by the kept weights. Made by {@link trainingProducts}.
 *
 * {@link TrainingProducts.forward}, {@link TrainingProducts.inputGradient}, {@link TrainingProducts.filterGradient} and
 * {@link TrainingProducts.biasGradient} take and return images as TensorFlow.js has them. Turning them into the kernels'
 * own arrangement and back costs one pass over memory each, which at 95 % zeros is as much as a product itself. To go
 * without, for example to time the products alone, use {@link TrainingProducts.load}, {@link TrainingProducts.compute} and
 * {@link TrainingProducts.read}: what is loaded and computed stays in place until it is loaded or computed anew.
 *
 * Calls are carried out one after the other, in the order in which they were made. Weights and biases are zero at first.
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
   * @throws {@link InvalidInputError} if there are as many values as neither of the two.
   * @throws {@link TrainingProductsDisposedError} if there is no memory any more.
   */
  async setWeights(values: Float32Array): Promise<void> {
    const entries = sizeOf(this.kernelShape);
    if (values.length !== this.indices.length && values.length !== entries) {
      throw new InvalidInputError(
        `There are ${values.length} weights, but the mask keeps ${this.indices.length} of the kernel's ${entries}.`,
      );
    }
    await this.#access.use(async machine => {
      const { engine, packed } = machine;
      const weights = engine.heap.floats(packed.weights, this.indices.length);
      if (values.length === weights.length) weights.set(values);
      else for (let i = 0; i < weights.length; i++) weights[i] = values[this.indices[i] as number] as number;
      await run(machine, 'refresh');
    });
  }

  /**
   * Takes a new bias.
   *
   * @param values - One value for each channel that comes out.
   * @throws {@link InvalidInputError} if there are more or fewer.
   * @throws {@link TrainingProductsDisposedError} if there is no memory any more.
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
  async forward(input: Float32Array): Promise<Float32Array> {
    checkLength('input', input, sizeOf(this.inputShape));
    return this.#access.use(async machine => {
      await load(machine, 'input', input);
      await run(machine, 'forward');
      return read(machine, 'forward');
    });
  }

  /**
   * Gradient by what goes in: the transposed convolution of the gradient by what comes out with the kept weights.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns Images of {@link TrainingProducts.inputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  async inputGradient(outputGradient: Float32Array): Promise<Float32Array> {
    checkLength('outputGradient', outputGradient, sizeOf(this.outputShape));
    return this.#access.use(async machine => {
      await load(machine, 'outputGradient', outputGradient);
      await run(machine, 'inputGradient');
      return read(machine, 'inputGradient');
    });
  }

  /**
   * Gradient by the kept weights, summed over the batch. Gradients at places that the mask leaves out are not computed.
   *
   * @param input - Images of {@link TrainingProducts.inputShape}.
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each of {@link TrainingProducts.indices}; {@link TrainingProducts.toKernel} makes a kernel of them.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  async filterGradient(input: Float32Array, outputGradient: Float32Array): Promise<Float32Array> {
    checkLength('input', input, sizeOf(this.inputShape));
    checkLength('outputGradient', outputGradient, sizeOf(this.outputShape));
    return this.#access.use(async machine => {
      await load(machine, 'input', input);
      await load(machine, 'outputGradient', outputGradient);
      await run(machine, 'filterGradient');
      return read(machine, 'filterGradient');
    });
  }

  /**
   * Gradient by the bias: the sum of the gradient by what comes out over all pixels of all images.
   *
   * @param outputGradient - Images of {@link TrainingProducts.outputShape}.
   * @returns One value for each channel that comes out.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  async biasGradient(outputGradient: Float32Array): Promise<Float32Array> {
    checkLength('outputGradient', outputGradient, sizeOf(this.outputShape));
    return this.#access.use(async machine => {
      await load(machine, 'outputGradient', outputGradient);
      return read(machine, 'biasGradient');
    });
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
    const kernel = new Float32Array(sizeOf(this.kernelShape));
    for (let i = 0; i < values.length; i++) kernel[this.indices[i] as number] = values[i] as number;
    return kernel;
  }

  /**
   * Brings images into the kernels' arrangement, where they stay.
   *
   * @param tensor - What they are: `input`, or `outputGradient`.
   * @param values - Images of {@link TrainingProducts.inputShape} or {@link TrainingProducts.outputShape}.
   * @throws The same as {@link TrainingProducts.setBias}.
   */
  async load(tensor: 'input' | 'outputGradient', values: Float32Array): Promise<void> {
    checkLength(tensor, values, sizeOf(tensor === 'input' ? this.inputShape : this.outputShape));
    await this.#access.use(machine => load(machine, tensor, values));
  }

  /**
   * Computes one product of what was loaded last: `forward` of the input, `inputGradient` of the gradient by what comes out,
   * `filterGradient` of both. With one thread all work is done when the call returns, before the promise is settled.
   *
   * @param product - Which one.
   * @throws {@link TrainingProductsDisposedError} if there is no memory any more.
   */
  async compute(product: TrainingProduct): Promise<void> {
    await this.#access.use(machine => run(machine, product));
  }

  /**
   * Reads what was computed last, in the order in which callers have it.
   *
   * @param product - Which one; `biasGradient` is summed up now from the loaded gradient by what comes out.
   * @returns Images, gradients of the kept weights, or one value for each channel that comes out, in memory of their own.
   * @throws {@link TrainingProductsDisposedError} if there is no memory any more.
   */
  read(product: TrainingProduct | 'biasGradient'): Promise<Float32Array> {
    return this.#access.use(machine => read(machine, product));
  }

  /**
   * Gives the memory back and ends the threads. Calls under way are finished first; later ones fail.
   *
   * @returns A promise that is settled when that is done. Disposing twice does nothing more.
   */
  async dispose(): Promise<void> {
    await this.#access.end();
  }
}

function checkLength(what: string, values: Float32Array, length: number): void {
  if (values.length === length) return;
  throw new InvalidInputError(`${what} has ${values.length} values, but must have ${length}.`);
}
