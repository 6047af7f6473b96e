import { type LayerView, randomStreams, type StepView } from '@espalier/core';

/** A layer as a session shows it: dense weights, and the mask over them. */
export function layer(name: string, raw: ArrayLike<number>, mask?: ArrayLike<number>): LayerView {
  const bits = mask ? Uint8Array.from(mask) : new Uint8Array(raw.length).fill(1);
  const dense = Float32Array.from(raw);
  return {
    ...{ name, shape: [raw.length], size: raw.length, mask: bits, raw: dense },
    weights: dense.map((w, i) => (bits[i] ? w : 0)),
  };
}

/** The view of one step. */
export function at(position: number, ...layers: LayerView[]): StepView {
  return { clock: { step: position, position, round: 0 }, layers, random: randomStreams(7, position) };
}
