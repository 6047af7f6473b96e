import { type LayerView, ShapeMismatchError, type StepView } from '@espalier/core';
import { FisherMemoryError, MissingSamplesError, SingularFisherError } from '../errors.js';
import { layoutOf } from './block-layout.js';
import { DirectInverse, directBytes } from './direct-inverse.js';
import type { FisherInverse, FisherShape } from './fisher-inverse.js';
import { GramInverse, gramBytes } from './gram-inverse.js';
import type { FisherSettings } from './settings.js';

/** The inverse Fisher matrix of one layer, after the stream. */
export interface LayerFisher {
  /** Row-major indices of the active entries, in the order of the other vectors. */
  readonly entries: Uint32Array;
  /** [F⁻¹]ᵢᵢ of the active entries, all > 0. */
  readonly diagonal: Float64Array;
  /** Replaces a vector over the active entries by `F⁻¹ vector`. */
  readonly multiply: (vector: Float64Array) => void;
}

type MaskedLayer = Pick<LayerView, 'name' | 'shape' | 'size' | 'mask'>;

const shapeOf = (layer: MaskedLayer, { blockSize, samples, damping }: FisherSettings): FisherShape => ({
  layout: layoutOf(layer, blockSize),
  count: samples,
  damping,
});

/** Bytes that the Fisher blocks of these layers need, the cheaper form taken for each layer. */
export function fisherBytes(layers: readonly MaskedLayer[], settings: FisherSettings): number {
  return layers.reduce((sum, layer) => {
    const shape = shapeOf(layer, settings);
    return sum + 4 * shape.layout.entries.length + Math.min(directBytes(shape), gramBytes(shape));
  }, 0);
}

/** Throws {@link FisherMemoryError} unless the Fisher blocks of these layers fit. */
export function requireMemory(layers: readonly MaskedLayer[], settings: FisherSettings): void {
  const { memoryLimit, blockSize } = settings;
  const bytes = fisherBytes(layers, settings);
  if (bytes <= memoryLimit) return;
  let fitting = 0;
  let tooLarge = blockSize;
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (fisherBytes(layers, { ...settings, blockSize: middle }) <= memoryLimit) fitting = middle;
    else tooLarge = middle;
  }
  throw new FisherMemoryError(bytes, memoryLimit, blockSize, fitting);
}

/** Reads the stream once and inverts; one gradient of the model is in use at a time. */
export async function estimateFishers(
  { layers, samples }: Pick<StepView, 'layers' | 'samples'>,
  settings: FisherSettings,
): Promise<Map<string, LayerFisher>> {
  requireMemory(layers, settings);
  const parts = layers.map(layer => {
    const shape = shapeOf(layer, settings);
    return { layer, shape, inverse: inverseOf(shape) };
  });
  let gradients = 0;
  for await (const sample of samples ?? []) {
    for (const { layer, inverse } of parts) inverse.add(requireGradient(layer, sample.get(layer.name)));
    gradients++;
    settings.onProgress?.({ gradients, samples: settings.samples });
    if (gradients === settings.samples) break;
  }
  if (gradients < settings.samples) throw new MissingSamplesError(gradients, settings.samples);
  return new Map(
    parts.map(({ layer, shape, inverse }) => {
      const diagonal = inverse.invert();
      if (!diagonal) throw new SingularFisherError(layer.name, settings.damping);
      const multiply = (vector: Float64Array): void => inverse.multiply(vector);
      return [layer.name, { entries: shape.layout.entries, diagonal, multiply }];
    }),
  );
}

function inverseOf(shape: FisherShape): FisherInverse {
  return gramBytes(shape) < directBytes(shape) ? new GramInverse(shape) : new DirectInverse(shape);
}

function requireGradient({ name, size }: MaskedLayer, gradient: Float32Array | undefined): Float32Array {
  if (gradient?.length === size) return gradient;
  throw new ShapeMismatchError(`per-example gradient of "${name}"`, [gradient?.length ?? 0], [size]);
}
