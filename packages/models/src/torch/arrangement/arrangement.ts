/**
 * Where PyTorch has the axes of a tensor whose last axis here are channels or features:
 *
 * - `same`: where they are here, as in vectors and sequences;
 * - `channelsFirst`: the last axis before all others, as in images;
 * - `given`: it came in from outside and nothing has shown yet what it is; an image or a volume if it has more than two
 *   axes;
 * - `reshaped`: as here, out of a vector that a layer of the model made;
 * - `unsure`: first or last, both could be.
 */
export type Axes = 'same' | 'channelsFirst' | 'given' | 'reshaped' | 'unsure';

/** How the entries of a tensor lie in PyTorch's model. */
export interface Arrangement {
  readonly axes: Axes;
  /** Entry `i` along the last axis here is PyTorch's entry `order[i]` there; left out where they are the same. */
  readonly order?: Uint32Array;
  /** Leading axes that count images or sequences, of which `axes` speaks; 0 if left out. */
  readonly frames?: number;
}

/** Why it cannot be told how the entries lie in PyTorch's model. */
export interface Unresolved {
  readonly unresolved: string;
}

/** What is known about the entries of a tensor. */
export type State = Arrangement | Unresolved;

/** A tensor without its batch axis; sides that are not known are null. */
export interface Traced {
  readonly state: State;
  readonly dims: readonly (number | null)[];
}

export const isUnresolved = (state: State): state is Unresolved => 'unresolved' in state;

export const unresolved = (reason: string): Unresolved => ({ unresolved: reason });

/** An arrangement with an order, if there is one. */
export function arranged(axes: Axes, order?: Uint32Array, frames = 0): Arrangement {
  return { axes, ...(order ? { order } : {}), ...(frames > 0 ? { frames } : {}) };
}

export const sizeOf = (dims: readonly (number | null)[]): number =>
  dims.reduce<number>((size, side) => size * (side ?? Number.NaN), 1);

export const sameOrder = (a: Uint32Array | undefined, b: Uint32Array | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((entry, i) => entry === b[i]));

/** True where PyTorch has channels first, as far as a tensor has more than one axis. */
export const isChannelsFirst = ({ axes }: Arrangement, dims: readonly unknown[]): boolean =>
  axes === 'channelsFirst' || (axes === 'given' && dims.length > 2);

/** The arrangement of the vector of all entries. */
export function flattened({ state, dims }: Traced): State {
  if (isUnresolved(state) || dims.length < 2) return state;
  const { axes, order, frames = 0 } = state;
  if (frames > 0) {
    const inner = flattened({ state: arranged(axes, order), dims: dims.slice(frames) });
    if (isUnresolved(inner) || !inner.order) return inner;
    return filled(sizeOf(dims), inner.order.length, inner.order);
  }
  const channels = dims.at(-1) ?? Number.NaN;
  const positions = sizeOf(dims.slice(0, -1));
  if (positions === 1) return arranged('same', order);
  const first = isChannelsFirst(state, dims);
  if (channels === 1 || (axes !== 'unsure' && !first && !order)) return arranged(axes === 'given' ? 'given' : 'same');
  if (axes === 'unsure') return unresolved('a dense layer works on the channels of an image that is flattened later');
  if (!Number.isSafeInteger(positions * channels)) return unresolved('its size is not known');
  if (!first) return filled(positions * channels, channels, order as Uint32Array);
  const result = new Uint32Array(positions * channels);
  for (let i = 0; i < result.length; i++) {
    const channel = i % channels;
    result[i] = (order ? (order[channel] as number) : channel) * positions + Math.floor(i / channels);
  }
  return arranged('same', result);
}

/** The order of one block, block after block. */
function filled(size: number, block: number, order: Uint32Array): State {
  if (!Number.isSafeInteger(size)) return unresolved('its size is not known');
  const result = Uint32Array.from({ length: size }, (_, i) => i - (i % block) + (order[i % block] as number));
  return arranged('same', result);
}
