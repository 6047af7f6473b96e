import { isFields } from '../fields/fields.js';
import { activation } from './option-classes.js';
import {
  count,
  counts,
  flag,
  harmless,
  type LayerOptionRule,
  type LayerOptionRules,
  layer,
  layers,
  oneOf,
  only,
  rate,
} from './option-rule.js';
import { kernelOptions, weightOptions } from './weight-options.js';

const cell: LayerOptionRules = {
  ...kernelOptions,
  ...weightOptions('recurrent'),
  units: count,
  dropout: rate,
  recurrent_dropout: rate,
  seed: harmless,
  // How it is computed, not what.
  implementation: harmless,
  use_cudnn: harmless,
};

const gated: LayerOptionRules = { ...cell, recurrent_activation: activation };
const lstm: LayerOptionRules = { ...gated, unit_forget_bias: flag };
const gru: LayerOptionRules = { ...gated, reset_after: only(null, false) };

/**
 * What stands at steps that a mask leaves out; without a mask, which no layer of many networks makes, there are none.
 */
const zeroForMask: LayerOptionRule = (value, place) =>
  (place.masks === false ? harmless : only(null, false))(value, place);

/** What a layer says about its steps, whatever cell it has. */
const sequence: LayerOptionRules = {
  return_sequences: flag,
  return_state: flag,
  go_backwards: flag,
  stateful: flag,
  unroll: flag,
  time_major: only(null, false),
  zero_output_for_mask: zeroForMask,
  input_dim: only(null),
  input_length: only(null),
};

/** Keras 3 writes the layer of a `Bidirectional` with the `forward_` that TensorFlow.js puts before its name. */
const forward: LayerOptionRule = (value, place) => {
  const { config } = isFields(value) ? value : {};
  if (!isFields(value) || !isFields(config) || typeof config.name !== 'string') return layer(value, place);
  const { name: _, ...unnamed } = value;
  return layer({ ...unnamed, config: { ...config, name: config.name.replace(/^forward_/, '') } }, place);
};

/** Recurrent layers, their cells, and layers around a layer. */
export const recurrentOptions: Readonly<Record<string, LayerOptionRules>> = {
  SimpleRNNCell: cell,
  LSTMCell: lstm,
  GRUCell: gru,
  StackedRNNCells: { cells: layers, reverse_state_order: only(null, false) },
  SimpleRNN: { ...cell, ...sequence },
  LSTM: { ...lstm, ...sequence },
  GRU: { ...gru, ...sequence },
  // TensorFlow.js writes the options of the cell beside it once more.
  RNN: {
    ...Object.fromEntries(['cells', ...Object.keys(lstm)].map(option => [option, harmless])),
    ...sequence,
    cell: layer,
  },
  ConvLSTM2D: {
    ...lstm,
    ...sequence,
    unroll: only(null, false),
    units: only(null),
    filters: count,
    kernel_size: counts(2),
    strides: counts(2),
    padding: oneOf('same', 'valid'),
    data_format: oneOf('channels_last', 'channels_first'),
    dilation_rate: counts(2),
  },
  TimeDistributed: { layer },
  Bidirectional: {
    layer: forward,
    merge_mode: oneOf('concat', 'sum', 'mul', 'ave'),
    num_constants: only(null, 0),
    backward_layer: harmless,
  },
};
