import type { LayerView, StepView } from '@espalier/core';
import { at, layer as layerOf } from '../../core/test/views.js';

/** A layer [n] of these weights; masked where `mask` is 0. */
export function layer(
  name: string,
  weights: readonly number[],
  mask: readonly number[] = weights.map(() => 1),
): LayerView {
  return layerOf(
    name,
    weights.map((w, i) => (mask[i] ? w : 0)),
    mask,
  );
}

/** One gradient of the model: by layer, one number per entry. */
export type Sample = Readonly<Record<string, readonly number[]>>;

async function* stream(samples: readonly Sample[]): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
  for (const sample of samples) {
    yield new Map(Object.entries(sample).map(([name, g]) => [name, Float32Array.from(g)]));
  }
}

/** What a method is shown at a position. */
export function viewAt(position: number, layers: readonly LayerView[], samples: readonly Sample[]): StepView {
  return { ...at(position, ...layers), samples: stream(samples) };
}
