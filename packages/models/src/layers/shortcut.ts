import * as tf from '@tensorflow/tfjs-layers';

/**
 * He's option A: `input` itself, or every `stride`-th pixel of it with zero channels before and after.
 *
 * tfjs pads only height and width, so the channels are moved there and back. An odd number of new channels puts the
 * extra one after the old ones.
 */
export function shortcut(
  input: tf.SymbolicTensor,
  filters: number,
  stride: number,
  blockName: string,
): tf.SymbolicTensor {
  let x = input;
  const add = (layer: tf.layers.Layer): void => {
    x = layer.apply(x) as tf.SymbolicTensor;
  };
  if (stride > 1) {
    const name = `${blockName}_shortcut_pick`;
    add(tf.layers.averagePooling2d({ poolSize: 1, strides: stride, padding: 'same', name }));
  }
  const missing = filters - (input.shape[3] as number);
  if (missing > 0) {
    const before = Math.floor(missing / 2);
    add(tf.layers.permute({ dims: [3, 1, 2], name: `${blockName}_shortcut_channels_first` }));
    const padding: [[number, number], [number, number]] = [
      [before, missing - before],
      [0, 0],
    ];
    add(tf.layers.zeroPadding2d({ padding, name: `${blockName}_shortcut_pad` }));
    add(tf.layers.permute({ dims: [2, 3, 1], name: `${blockName}_shortcut_channels_last` }));
  }
  return x;
}
