import { type LayerCall, type LayerWriter, perAxis, requireChannelsLast } from '../layer-call.js';
import { orderIsMoot, type Value } from '../value.js';

const reshape: LayerWriter = ({ graph, name, input, shape }) => graph.reshape(name, input, shape);

/** Axes are counted from 1, since the batch stays. */
const permute: LayerWriter = ({ graph, name, input, config, shape }) => {
  const perm = [0, ...(config.dims as number[])];
  const output = graph.emit('Transpose', name, [graph.last(input).name], { perm: { integers: perm } });
  return { name: output, shape, order: 'last' };
};

/** Two numbers for each of two axes: before and after. */
const pairsOf = (value: unknown): [number, number][] =>
  (perAxis(value, 2) as unknown[]).map(pair => (Array.isArray(pair) ? pair : [pair, pair]) as [number, number]);

const zeroPadding: LayerWriter = ({ graph, name, input, config, shape }) => {
  requireChannelsLast(config);
  const [[top, bottom], [left, right]] = pairsOf(config.padding) as [[number, number], [number, number]];
  const pads = graph.integers([0, 0, top, left, 0, 0, bottom, right]);
  return { name: graph.emit('Pad', name, [graph.first(input).name, pads]), shape, order: 'first' };
};

const cropping: LayerWriter = ({ graph, name, input, config, shape }) => {
  requireChannelsLast(config);
  const [[top], [left]] = pairsOf(config.cropping) as [[number, number], [number, number]];
  const [height = 0, width = 0] = shape;
  const bounds = [
    [top, left],
    [top + height, left + width],
    [2, 3],
  ].map(values => graph.integers(values));
  return { name: graph.emit('Slice', name, [graph.first(input).name, ...bounds]), shape, order: 'first' };
};

/** TensorFlow.js aligns the first rows and columns, not the middles of pixels. */
const upSampling: LayerWriter = ({ graph, name, input, config, shape }: LayerCall): Value => {
  requireChannelsLast(config);
  const factors = perAxis(config.size, 2);
  const scales = graph.constant('scales', `scales ${factors.join(' ')}`, [4], () => Float32Array.of(1, 1, ...factors));
  const output = graph.emit('Resize', name, [graph.first(input).name, '', scales], {
    mode: { text: config.interpolation === 'bilinear' ? 'linear' : 'nearest' },
    coordinate_transformation_mode: { text: 'asymmetric' },
    nearest_mode: { text: 'floor' },
  });
  return { name: output, shape, order: 'first' };
};

/** Nothing outside training. */
const identity: LayerWriter = ({ input }) => input;

const flatten: LayerWriter = call => {
  const { graph, name, input, shape } = call;
  if (input.shape.length === 1) return input;
  const from = orderIsMoot(input) ? input : graph.last(input);
  return { name: graph.emit('Flatten', name, [from.name], { axis: { integer: 1 } }), shape, order: 'last' };
};

/** Writers of layers that move numbers, or do nothing. */
export const shapes: Readonly<Record<string, LayerWriter>> = {
  Flatten: flatten,
  Reshape: reshape,
  Permute: permute,
  ZeroPadding2D: zeroPadding,
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Dropout: identity,
  SpatialDropout1D: identity,
  GaussianNoise: identity,
  GaussianDropout: identity,
  AlphaDropout: identity,
};
