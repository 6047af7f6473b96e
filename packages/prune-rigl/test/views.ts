import { type LayerView, randomStreams, type StepView } from '@espalier/core';
import { layer as layerOf, at as viewAt } from '../../core/test/views.js';

/** A layer of a view; without a mask everything is active, without a shape it is a vector. */
export function layer(
  name: string,
  weights: readonly number[],
  rest: { mask?: readonly number[]; gradient?: readonly number[]; shape?: readonly number[] } = {},
): LayerView {
  const { mask = weights.map(() => 1), gradient, shape = [weights.length] } = rest;
  const values = weights.map((weight, i) => (mask[i] ? weight : 0));
  const view = layerOf(name, values, mask, shape);
  return gradient ? { ...view, gradient: Float32Array.from(gradient) } : view;
}

/** A layer of a shape with unit weights. */
export function shaped(name: string, ...shape: number[]): LayerView {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  return layer(name, new Array<number>(size).fill(1), { shape });
}

/** The view of one step. */
export function at(position: number, ...layers: LayerView[]): StepView {
  return { ...viewAt(position, ...layers), random: randomStreams(7, position) };
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
