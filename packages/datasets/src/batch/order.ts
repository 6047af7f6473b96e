import { permutation, randomStream } from './random.js';

interface EpochOrder {
  readonly seed: number;
  readonly epoch: number;
  readonly size: number;
  readonly order: Uint32Array;
}

/** Whatever has a size: a dataset in memory or a list of files. */
interface Sized {
  readonly size: number;
}

const latest = new WeakMap<Sized, EpochOrder>();

/** The order of one epoch, a pure function of (size, seed, epoch); the latest one of each dataset is kept. */
export function epochOrder(dataset: Sized, seed: number, epoch: number): Uint32Array {
  const { size } = dataset;
  const kept = latest.get(dataset);
  if (kept?.seed === seed && kept.epoch === epoch && kept.size === size) return kept.order;
  const order = permutation(size, randomStream(seed, 'order', epoch));
  latest.set(dataset, { seed, epoch, size, order });
  return order;
}
