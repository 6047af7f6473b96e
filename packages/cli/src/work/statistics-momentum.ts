import type { LayersModel, layers } from '@tensorflow/tfjs-layers';

/** A layer of batch normalization; tfjs-layers exports no type for it. */
type Normalizing = layers.Layer & { momentum: number };

/** What lets statistics follow in runs of some hundred steps. */
const usual = 0.9;

/** How fast the statistics of batch normalization follow what a network computes while it trains. */
export function setStatisticsMomentum(model: LayersModel, momentum: number): void {
  for (const layer of normalizing(model)) layer.momentum = momentum;
}

/**
 * What to tell of a network that is trained too briefly for its statistics to follow: more than 5 % of them would be
 * those that it came with. Undefined if there is nothing to tell.
 */
export function staleStatistics(model: LayersModel, steps: number): string | undefined {
  const momentum = Math.max(0, ...normalizing(model).map(layer => layer.momentum));
  const left = momentum ** steps;
  if (steps === 0 || left <= 0.05) return undefined;
  const remedy =
    momentum > usual
      ? `To let them follow, give --batch-norm-momentum ${usual}.`
      : `To let them follow, train for more steps than ${steps}.`;
  return (
    `Batch normalization keeps ${momentum} of its statistics in each step: after ${steps} steps ${Math.round(100 * left)} % of them are ` +
    `those that the network came with. ${remedy}`
  );
}

function normalizing(layer: layers.Layer): Normalizing[] {
  const { layers: nested } = layer as layers.Layer & { layers?: layers.Layer[] };
  if (nested) return nested.flatMap(normalizing);
  return layer.getClassName() === 'BatchNormalization' ? [layer as Normalizing] : [];
}
