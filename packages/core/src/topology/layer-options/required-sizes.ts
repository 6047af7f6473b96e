const convolution = ['filters', 'kernel_size'];
const units = ['units'];

/** Options without which a layer of a class could not be made. */
const required: ReadonlyMap<string, readonly string[]> = new Map([
  ['Dense', units],
  ['EinsumDense', ['equation', 'output_shape']],
  ['Embedding', ['input_dim', 'output_dim']],
  ...['Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose', 'SeparableConv2D', 'ConvLSTM2D'].map(
    (name): [string, string[]] => [name, convolution],
  ),
  ['DepthwiseConv2D', ['kernel_size']],
  ...['SimpleRNN', 'LSTM', 'GRU', 'SimpleRNNCell', 'LSTMCell', 'GRUCell'].map((name): [string, string[]] => [
    name,
    units,
  ]),
  ['TimeDistributed', ['layer']],
  ['Bidirectional', ['layer']],
  ['RNN', ['cell']],
  ['Reshape', ['target_shape']],
  ['Permute', ['dims']],
  ['RepeatVector', ['n']],
]);

/** Which options a layer must say, because its weights or the shape of its output depend on them. */
export function requiredSizes(className: string): readonly string[] {
  return required.get(className) ?? [];
}
