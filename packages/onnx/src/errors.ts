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
