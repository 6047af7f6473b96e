import { EspalierError } from '@espalier/core';

/** A layer that has no equal in ONNX as it is written here. */
export interface LayerWithoutOnnx {
  readonly name: string;
  readonly className: string;
  /** What cannot be written; empty if no layer of its class can be. */
  readonly reason: string;
}

/** Some layers cannot be written as ONNX. All of them are named. */
export class OnnxLayersError extends EspalierError {
  override readonly name = 'OnnxLayersError';
  readonly code = 'ONNX_LAYERS_UNSUPPORTED';

  /** @param layers - Every layer that cannot be written. */
  constructor(readonly layers: readonly LayerWithoutOnnx[]) {
    const list = layers.map(({ name, className, reason }) => `${name} (${className})${reason ? `: ${reason}` : ''}`);
    super(
      `These layers cannot be written as ONNX: ${list.join('; ')}. Compute the same with other layers; the README of ` +
        '@espalier/onnx lists those that can be written.',
    );
  }
}

/**
 * What is wrong with a file of ONNX:
 *
 * - `ONNX_FILE_INVALID`: it is no ONNX file, damaged, or contradicts itself;
 * - `ONNX_FILE_LIMIT`: it has more nodes, names or numbers in attributes than any network needs;
 * - `ONNX_FILE_UNSUPPORTED`: it has something that is not read: functions, sparse tensors, inputs that are no floats;
 * - `ONNX_EXTERNAL_DATA`: weights are in another file, which was not given or is not as it should be.
 */
export type OnnxFileCode = 'ONNX_FILE_INVALID' | 'ONNX_FILE_LIMIT' | 'ONNX_FILE_UNSUPPORTED' | 'ONNX_EXTERNAL_DATA';

/** A file of ONNX could not be read; `code` says why. */
export class OnnxFileError extends EspalierError {
  override readonly name = 'OnnxFileError';

  /**
   * @param code - What is wrong.
   * @param reason - What is wrong and where, a sentence.
   * @param options - The error behind it, if there is one, and the file's path, if it has one.
   */
  constructor(
    override readonly code: OnnxFileCode,
    readonly reason: string,
    options?: ErrorOptions & { readonly file?: string | undefined },
  ) {
    super(
      `${options?.file ?? 'The ONNX file'} cannot be read${options?.file === undefined ? '' : ' as ONNX'}. ${reason}`,
      options,
    );
  }
}

/** A node of an ONNX graph that has no equal among the layers of TensorFlow.js. */
export interface NodeWithoutLayer {
  /** The node's name, or that of its output if it has none. */
  readonly node: string;
  readonly opType: string;
  /** Which attribute or input cannot be expressed; empty if no node of the type can be. */
  readonly reason: string;
}

/** Some operations cannot be expressed as layers. All of them that the outputs need are named. */
export class OnnxOperationsError extends EspalierError {
  override readonly name = 'OnnxOperationsError';
  readonly code = 'ONNX_OPERATIONS_UNSUPPORTED';

  /**
   * @param nodes - Every node that cannot be expressed.
   * @param options - The path of the file, if it has one.
   */
  constructor(
    readonly nodes: readonly NodeWithoutLayer[],
    options: { readonly file?: string | undefined } = {},
  ) {
    const shown = nodes
      .slice(0, 20)
      .map(({ node, opType, reason }) => `${opType} "${node}"${reason ? `: ${reason}` : ''}`);
    const more = nodes.length > shown.length ? `; and ${nodes.length - shown.length} more` : '';
    const found = options.file === undefined ? 'These operations' : `${options.file}: these operations`;
    const isQuantized = nodes.some(({ opType }) => /Quantize|^QLinear|Integer$/.test(opType));
    const remedy = isQuantized
      ? 'The network is quantized: give the one that it was made of.'
      : 'Export the network without them; the README of @espalier/onnx lists what can be read.';
    super(`${found} cannot be expressed as layers of TensorFlow.js: ${shown.join('; ')}${more}. ${remedy}`);
  }
}
