import type { LayerView, StepView } from '@espalier/core';
import { viewAt } from '@espalier/core/testing';

/** One gradient of the model: by layer, one number per entry. */
export type Sample = Readonly<Record<string, readonly number[]>>;

async function* stream(samples: readonly Sample[]): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
  for (const sample of samples) {
    yield new Map(Object.entries(sample).map(([name, g]) => [name, Float32Array.from(g)]));
  }
}

/** What a method is shown at a position. */
export function sampledAt(position: number, layers: readonly LayerView[], samples: readonly Sample[]): StepView {
  return { ...viewAt(position, ...layers), samples: stream(samples) };
}
