import {
  type Arrangement,
  arranged,
  flattened,
  isChannelsFirst,
  isUnresolved,
  type State,
  type Traced,
  unresolved,
} from './arrangement.js';

type Dims = Traced['dims'];

/** What `Reshape` does, where PyTorch's `view` does the same to its own order. */
export function reshaped(input: Traced, target: Dims): State {
  const { state, dims } = input;
  if (isUnresolved(state) || dims.join() === target.join()) return state;
  const spread = target.filter(side => side !== 1).length > 1;
  const channels = dims.at(-1);
  const apart = dims.length > 1 && dims.slice(0, -1).some(side => side !== 1) && channels !== 1;
  if (apart && target.length > 1 && target.at(-1) === channels && !state.frames) {
    if (isChannelsFirst(state, dims)) return arranged('channelsFirst', state.order);
    if (state.axes === 'unsure') return state;
  }
  const flat = flattened(input);
  if (isUnresolved(flat) || target.length === 1) return flat;
  if (!spread && (target.at(-1) !== 1 || !flat.order)) return arranged('channelsFirst', flat.order);
  if (flat.order) return unresolved('it takes channels and positions apart in another way than PyTorch');
  if (target.at(-1) === 1) return arranged('channelsFirst');
  return arranged(flat.axes === 'given' ? 'given' : 'reshaped');
}

/** What `Permute` does: channels brought to the front stand as in PyTorch, and may come back. */
export function permuted({ state, dims }: Traced, axes: readonly number[]): State {
  if (isUnresolved(state)) return state;
  const rank = dims.length;
  if (axes.every((axis, i) => axis === i + 1)) return state;
  const toFront = axes[0] === rank && axes.slice(1).every((axis, i) => axis === i + 1);
  const toBack = axes[rank - 1] === 1 && axes.slice(0, -1).every((axis, i) => axis === i + 2);
  if (state.order || state.frames) return unresolved('it takes axes apart whose order is another in PyTorch');
  if (isChannelsFirst(state, dims)) return toFront ? arranged('same') : unresolved('it moves axes of an image');
  if (toBack && (state.axes === 'reshaped' || rank > 2)) return arranged('channelsFirst');
  return arranged('unsure');
}

/** What `Concatenate` does along an axis, which counts from 0 after the batch. */
export function concatenated(inputs: readonly Traced[], axis: number): State {
  const states: Arrangement[] = [];
  for (const { state } of inputs) {
    if (isUnresolved(state)) return state;
    states.push(state);
  }
  const [{ axes, frames = 0 }, { length: rank }] = [states[0] as Arrangement, (inputs[0] as Traced).dims];
  const alike = states.every(other => other.axes === axes && (other.frames ?? 0) === frames);
  if (!alike && rank > 1) return unresolved('it joins tensors that PyTorch holds in different ways');
  const joined = alike ? axes : 'same';
  if (axis !== rank - 1) {
    const plain = states.every(({ order }) => !order);
    return plain
      ? arranged(joined, undefined, frames)
      : unresolved('it joins tensors whose order is another in PyTorch');
  }
  if (states.every(({ order }) => !order)) return arranged(joined, undefined, frames);
  const entries: number[] = [];
  for (const [i, { dims }] of inputs.entries()) {
    const before = entries.length;
    const size = dims.at(-1) ?? 0;
    for (let entry = 0; entry < size; entry++)
      entries.push(before + ((states[i] as Arrangement).order?.[entry] ?? entry));
  }
  return arranged(joined, Uint32Array.from(entries), frames);
}
