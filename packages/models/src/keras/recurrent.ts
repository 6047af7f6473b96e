import type * as tf from '@tensorflow/tfjs-layers';
import type { Leaf } from '../leaves.js';

const recurrent: ReadonlySet<string> = new Set(['RNN', 'SimpleRNN', 'GRU', 'LSTM', 'ConvLSTM2D', 'Bidirectional']);

/**
 * True for layers whose weights Keras names by more than layer and weight: `lstm/lstm_cell/kernel`,
 * `bidirectional/forward_lstm/…`, `time_distributed/dense/kernel`.
 */
export const hasParts = ({ layer, path }: Leaf): boolean =>
  recurrent.has(layer.getClassName()) || path.at(-1) !== layer.name;

/**
 * Which part of a layer a weight belongs to, by the names between layer and weight: `forward` or `backward`, and the
 * number of the cell where there are several. `cells` are the names of the cells, in their order.
 */
export function partOf(between: readonly string[], cells: readonly string[]): string {
  const direction = between.map(name => /^(forward|backward)_/.exec(name)?.[1]).find(Boolean) ?? '';
  const cell = cellIn(between);
  return `${direction}/${cell === undefined ? '' : cells.indexOf(cell)}`;
}

/** The name of the cell, where a layer has several. */
export function cellIn(between: readonly string[]): string | undefined {
  const stack = between.findIndex(name => name.startsWith('stacked_rnn_cells'));
  return stack < 0 ? between.find(name => name.startsWith('RNNCell_')) : between[stack + 1];
}

/**
 * Names of the cells that a file has, in the order of the layer's cells: by their class where the names tell it, else
 * as they come.
 */
export function orderedCells(layer: tf.layers.Layer, names: readonly string[]): string[] {
  const { cells } = ((layer as unknown as { readonly cell?: unknown }).cell ?? {}) as {
    readonly cells?: readonly tf.layers.Layer[];
  };
  const left = [...names];
  const take = (cell: tf.layers.Layer): string[] => {
    const kind = cell
      .getClassName()
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
      .toLowerCase();
    const own = left.findIndex(name => name.replace(/_\d+$/, '') === kind);
    return left.splice(Math.max(own, 0), 1);
  };
  return [...(cells ?? []).flatMap(take), ...left];
}
