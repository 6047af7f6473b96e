import type * as tf from '@tensorflow/tfjs-layers';
import { containerOf, innerLayer } from '../../leaves.js';
import { arrangeLayer, worksChannelsFirst } from './arrange-layer.js';
import { arranged, isUnresolved, type State, type Traced } from './arrangement.js';

/** What each layer with weights of its own is called with, in every call that leads to an output of the model. */
export type Calls = ReadonlyMap<tf.layers.Layer, readonly Traced[]>;

/** Follows every tensor of a model from its inputs to its outputs, through nested models as well. */
export function traceCalls(model: tf.LayersModel, layers: readonly tf.layers.Layer[]): Calls {
  const calls = new Map<tf.layers.Layer, Traced[]>();
  const first = layers.some(worksChannelsFirst);
  const inputs = model.inputs.map(({ id, shape }) => [id, givenState(dimsOf(shape).length, first)] as const);
  run(model.outputs, new Map(inputs), calls);
  return calls;
}

const dimsOf = (shape: tf.SymbolicTensor['shape']): Traced['dims'] => shape.slice(1);

/** Inputs of three axes are images. */
function givenState(rank: number, channelsFirst: boolean): State {
  if (rank > 2 && channelsFirst) return arranged('same');
  return arranged(rank === 3 ? 'channelsFirst' : 'given');
}

/** The state of every output; `known` has those of the inputs and takes up all others. */
function run(
  outputs: readonly tf.SymbolicTensor[],
  known: Map<number, State>,
  calls: Map<tf.layers.Layer, Traced[]>,
): State[] {
  const open = [...outputs];
  for (let tensor = open.at(-1); tensor; tensor = open.at(-1)) {
    const waiting = known.has(tensor.id) ? [] : (tensor.inputs ?? []).filter(({ id }) => !known.has(id));
    if (waiting.length > 0) {
      open.push(...waiting);
      continue;
    }
    open.pop();
    if (!known.has(tensor.id)) known.set(tensor.id, stateOf(tensor, known, calls));
  }
  return outputs.map(({ id }) => known.get(id) as State);
}

function stateOf(tensor: tf.SymbolicTensor, known: Map<number, State>, calls: Map<tf.layers.Layer, Traced[]>): State {
  const { sourceLayer, inputs = [], shape } = tensor;
  const traced = inputs.map(input => ({ state: known.get(input.id) as State, dims: dimsOf(input.shape) }));
  const place = (tensor as unknown as { readonly outputTensorIndex?: number }).outputTensorIndex ?? 0;
  return called(sourceLayer, traced, dimsOf(shape), place, calls);
}

function called(
  layer: tf.layers.Layer,
  inputs: readonly Traced[],
  dims: Traced['dims'],
  place: number,
  calls: Map<tf.layers.Layer, Traced[]>,
): State {
  if (inputs.length === 0) return givenState(dims.length, false);
  const container = containerOf(layer);
  if (container) {
    const states = container.inputs.map(({ id }, i) => [id, (inputs[i] as Traced).state] as const);
    return run(container.outputs, new Map(states), calls)[place] as State;
  }
  if (layer.getClassName() === 'TimeDistributed') return distributed(layer, inputs[0] as Traced, dims, calls);
  calls.set(layer, [...(calls.get(layer) ?? []), ...inputs]);
  return arrangeLayer(layer, inputs, dims);
}

/** The layer within, called with one image or vector of the sequence. */
function distributed(
  layer: tf.layers.Layer,
  { state, dims }: Traced,
  outputs: Traced['dims'],
  calls: Map<tf.layers.Layer, Traced[]>,
): State {
  const inner = called(
    innerLayer(layer),
    [{ state: frameState(state, dims), dims: dims.slice(1) }],
    outputs.slice(1),
    0,
    calls,
  );
  if (isUnresolved(inner)) return inner;
  const frames = (inner.frames ?? 0) + 1;
  return outputs.length === 2 ? arranged('same', inner.order) : arranged(inner.axes, inner.order, frames);
}

function frameState(state: State, dims: Traced['dims']): State {
  if (isUnresolved(state)) return state;
  const { axes, order, frames = 0 } = state;
  if (frames > 0) return arranged(axes, order, frames - 1);
  if (axes === 'given') return givenState(dims.length - 1, false);
  if (dims.length === 2 && axes !== 'channelsFirst') return arranged('same', order);
  return { unresolved: 'a TimeDistributed layer takes an image apart' };
}
