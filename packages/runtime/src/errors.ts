import { EspalierError } from '@espalier/core';

export { InvalidTopologyError } from '@espalier/core';

/** A layer that the runtime cannot run. */
export interface UnsupportedLayer {
  /** Name of the layer. */
  readonly name: string;
  /** Its class, as Keras and TensorFlow.js spell it, e.g. `LSTM`. */
  readonly className: string;
  /** What about it is not supported. */
  readonly reason: string;
}

/** A model has layers that the runtime cannot run. All of them are named at once. */
export class UnsupportedLayersError extends EspalierError {
  override readonly name = 'UnsupportedLayersError';
  readonly code = 'UNSUPPORTED_LAYERS';

  /** @param layers - Every such layer. */
  constructor(readonly layers: readonly UnsupportedLayer[]) {
    const each = layers.map(layer => `${layer.name} (${layer.className}): ${layer.reason}`);
    super(`The runtime cannot run these layers: ${each.join('; ')}.`);
  }
}

/** A model description is malformed or does not belong to the tensors. */
export class InvalidDescriptionError extends EspalierError {
  override readonly name = 'InvalidDescriptionError';
  readonly code = 'INVALID_DESCRIPTION';

  /** @param reason - What is wrong, where, and what to do, in full sentences. */
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`This is not a usable model description. ${reason}`, options);
  }
}

/** A graph contradicts itself: unknown inputs, shapes or weights that do not agree, sizes over the limits. */
export class InvalidGraphError extends EspalierError {
  override readonly name = 'InvalidGraphError';
  readonly code = 'INVALID_GRAPH';

  /**
   * @param node - Name of the node that is wrong.
   * @param reason - What is wrong with it and what would be right, in full sentences.
   */
  constructor(
    readonly node: string,
    readonly reason: string,
  ) {
    super(`The graph is not valid at node "${node}". ${reason}`);
  }
}

/** This JavaScript engine cannot run the kernels. */
export class SimdUnavailableError extends EspalierError {
  override readonly name = 'SimdUnavailableError';
  readonly code = 'SIMD_UNAVAILABLE';

  /** @param instructions - The instruction set that was asked for. */
  constructor(readonly instructions: string) {
    super(
      `This engine has no WebAssembly ${instructions}. Use Node 20, Chrome 91, Firefox 89, Safari 16.4 or later` +
        ' (relaxed SIMD: Node 22, Chrome 114, Firefox 145), or leave out `instructions`.',
    );
  }
}

/** 256-bit kernels were asked for where there are none. */
export class WideKernelsUnavailableError extends EspalierError {
  override readonly name = 'WideKernelsUnavailableError';
  readonly code = 'WIDE_KERNELS_UNAVAILABLE';

  /** @param reason - Why, without a full stop. */
  constructor(readonly reason: string) {
    super(
      `There are no 256-bit kernels here: ${reason}. They need Node 24 or later on x64. ` +
        "Use `instructions: 'auto'`, or another Node.",
    );
  }
}

/** V8 compiled the 256-bit kernels wrongly: what they compute is not what the 128-bit ones compute. */
export class WideKernelsWrongError extends EspalierError {
  override readonly name = 'WideKernelsWrongError';
  readonly code = 'WIDE_KERNELS_WRONG';

  /** @param lanes - Width of the tiles for which this was found. */
  constructor(readonly lanes: number) {
    super(
      `The 256-bit kernels compute wrong numbers here (tiles of ${lanes}): the experimental V8 flag that makes them does not ` +
        "work in this version of Node. Use `instructions: 'relaxed-simd'` in a process that was started without " +
        '`--experimental-wasm-revectorize`, and please report the version.',
    );
  }
}

/** Native kernels were asked for where there are none. */
export class NativeKernelsUnavailableError extends EspalierError {
  override readonly name = 'NativeKernelsUnavailableError';
  readonly code = 'NATIVE_KERNELS_UNAVAILABLE';

  /** @param reason - Why, without a full stop. */
  constructor(readonly reason: string) {
    super(
      `Native kernels cannot be used here: ${reason}. Install @espalier/runtime-native for this platform, or compile ` +
        "with `engine: 'auto'` or `'wasm'`.",
    );
  }
}

/** What was packed for a native kernel reaches outside of the plan's memory: a fault of this library. */
export class PlanUnsoundError extends EspalierError {
  override readonly name = 'PlanUnsoundError';
  readonly code = 'PLAN_UNSOUND';

  /**
   * @param kernel - Name of the kernel.
   * @param reason - What is wrong, without a full stop.
   */
  constructor(
    readonly kernel: string,
    readonly reason: string,
  ) {
    super(
      `The plan was packed wrongly: ${reason} (kernel ${kernel}). Nothing was computed. Compile with ` +
        "`engine: 'wasm'`, and please report the network.",
    );
  }
}

/** The memory of a plan cannot grow any further. */
export class HeapFullError extends EspalierError {
  override readonly name = 'HeapFullError';
  readonly code = 'HEAP_FULL';

  /**
   * @param bytes - How much was asked for.
   * @param used - How much is taken.
   */
  constructor(
    readonly bytes: number,
    readonly used: number,
    options?: ErrorOptions,
  ) {
    super(
      `The plan needs ${bytes} bytes more than the ${used} it has, and the memory cannot grow. ` +
        'A plan takes at most 2 GiB, less where the process has less. Dispose of other plans, or use smaller images, a smaller ' +
        'batch or a smaller model.',
      options,
    );
  }
}
