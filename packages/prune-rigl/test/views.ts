import type { LayerView, StepView } from '@espalier/core';
import { layer } from '@espalier/core/testing';

/** A layer of a shape with unit weights. */
export function shaped(name: string, ...shape: number[]): LayerView {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return layer(name, new Array<number>(size).fill(1), { shape });
}

/** Positions below `limit` at which a method observes something. */
export function observedBelow(
  limit: number,
  plan: (clock: StepView['clock'], state: null) => { readonly observe?: unknown },
): number[] {
  return Array.from({ length: limit }, (_, position) => position).filter(
    position => plan({ step: position, position, round: 0 }, null).observe,
  );
}
