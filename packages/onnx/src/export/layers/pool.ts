import { type LayerCall, type LayerWriter, perAxis, requireChannelsLast } from '../layer-call.js';
import { padsOf } from '../padding.js';
import { spaceOf, type Value } from '../value.js';

/** ONNX's average leaves out what was padded if it is not told otherwise, as that of TensorFlow.js does. */
const pool =
  (opType: string, axes: number): LayerWriter =>
  ({ config, graph, name, input: given, shape }) => {
    requireChannelsLast(config);
    const input = graph.first(given);
    const kernel = perAxis(config.poolSize, axes);
    const strides = perAxis(config.strides ?? config.poolSize, axes);
    const pads = padsOf(spaceOf(input), { kernel, strides, dilations: [], padding: config.padding ?? 'valid' });
    const output = graph.emit(opType, name, [input.name], {
      kernel_shape: { integers: kernel },
      strides: { integers: strides },
      pads: { integers: pads },
    });
    return { name: output, shape, order: 'first' };
  };

const globalPool =
  (opType: string): LayerWriter =>
  ({ config, graph, name, input, shape }: LayerCall): Value => {
    requireChannelsLast(config);
    const pooled = graph.emit(opType, `${name}/pool`, [graph.first(input).name]);
    return { name: graph.emit('Flatten', name, [pooled], { axis: { integer: 1 } }), shape, order: 'last' };
  };

/** Writers of pools. */
export const pools: Readonly<Record<string, LayerWriter>> = {
  MaxPooling1D: pool('MaxPool', 1),
  MaxPooling2D: pool('MaxPool', 2),
  AveragePooling1D: pool('AveragePool', 1),
  AveragePooling2D: pool('AveragePool', 2),
  GlobalMaxPooling1D: globalPool('GlobalMaxPool'),
  GlobalMaxPooling2D: globalPool('GlobalMaxPool'),
  GlobalAveragePooling1D: globalPool('GlobalAveragePool'),
  GlobalAveragePooling2D: globalPool('GlobalAveragePool'),
};
