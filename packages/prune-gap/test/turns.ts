import { countOnes, type Decision, type LayerView, randomStreams, type StepView } from '@espalier/core';
import { layer, viewAt } from '@espalier/core/testing';
import { type GapOptions, gap } from '../src/index.js';

/** A layer of random weights around 0. */
export const normal = (name: string, size: number): LayerView => {
  const next = randomStreams(3, 0)(name);
  return layer(
    name,
    Array.from({ length: size }, () => next() + next() + next() - 1.5),
  );
};

/** What a method is shown at a position. */
export const view = (layers: readonly LayerView[], position = 0): StepView => viewAt(position, ...layers);

/** The layers after a decision, as a session carries it out. */
export function carriedOut(layers: readonly LayerView[], { masks, weights }: Decision<number>): LayerView[] {
  return layers.map(old => {
    const mask = masks?.get(old.name) ?? old.mask;
    const values = weights?.get(old.name) ?? old.weights;
    return { ...old, mask, weights: values.map((w, i) => (mask[i] ? w : 0)) };
  });
}

/** A decision, and the layers on both sides of it. */
export interface Turn {
  readonly position: number;
  readonly decision: Decision<number>;
  readonly before: readonly LayerView[];
  readonly after: readonly LayerView[];
}

/** All decisions of a run in which every step scales each active weight, and moves those at 0. */
export async function run(options: GapOptions, layers: readonly LayerView[]): Promise<Turn[]> {
  const method = gap(options);
  let decision: Decision<number> = method.start(view(layers));
  let current = carriedOut(layers, decision);
  const turns: Turn[] = [{ position: -1, decision, before: layers, after: current }];
  let state = decision.state;
  for (let position = 0; position < options.turns * options.turnLength + 3; position++) {
    const next = randomStreams(11, position)('training');
    current = current.map(l => ({ ...l, weights: l.weights.map((w, i) => (l.mask[i] ? w * 0.9 + next() - 0.5 : 0)) }));
    if (!method.plan({ step: position, position, round: 0 }, state).observe) continue;
    decision = await method.decide(view(current, position), state);
    state = decision.state;
    const after = carriedOut(current, decision);
    turns.push({ position, decision, before: current, after });
    current = after;
  }
  return turns;
}

export const isDense = ({ mask, size }: LayerView): boolean => countOnes(mask) === size;
export const denseNames = (layers: readonly LayerView[]): string[] => layers.filter(isDense).map(({ name }) => name);
/** Four layers of different sizes. */
export const abcd: readonly LayerView[] = [normal('a', 40), normal('b', 30), normal('c', 50), normal('d', 20)];
/** Eight turns over four partitions. */
export const base = { sparsity: 0.8, partitions: 4, turnLength: 5, turns: 8 };
