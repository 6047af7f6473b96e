import type { LayerAxes, LayerKind, LayerShape } from '../../method/layer.js';
import type { ModelWeight } from './model-weight.js';
import { isDepthwiseKernel } from './weight-role.js';

type Described = Pick<ModelWeight, 'name' | 'role' | 'layerClass'> & {
  readonly variable: Pick<ModelWeight['variable'], 'shape' | 'size'>;
};

const convolutions = /^(Separable)?Conv[123]D(Transpose)?$/;
const recurrent = /^(RNN|SimpleRNN|GRU|LSTM|ConvRNN2D|ConvLSTM2D|Bidirectional)$/;

/** What methods are told of a weight beside its values. */
export function layerShapeOf(weight: Described): Required<LayerShape> {
  const { name, variable } = weight;
  const { shape, size } = variable;
  const kind = kindOf(weight);
  return { name, shape, size, kind, axes: axesOf(kind, weight) };
}

/** From the class of the layer; a plain variable has none, and its role and its number of dimensions decide. */
function kindOf({ name, role, layerClass, variable }: Described): LayerKind {
  const rank = variable.shape.length;
  if (rank < 2) return 'other';
  if (role === 'embedding') return 'embedding';
  if (role !== 'kernel') return 'other';
  if (isDepthwiseKernel(name)) return rank > 2 ? 'depthwise' : 'other';
  if (layerClass === undefined) return rank === 2 ? 'dense' : 'convolution';
  if (layerClass === 'Dense') return 'dense';
  if (convolutions.test(layerClass)) return 'convolution';
  return recurrent.test(layerClass) ? 'recurrent' : 'other';
}

function axesOf(kind: LayerKind, { layerClass = '', variable: { shape } }: Described): LayerAxes {
  const [last, before] = [shape.length - 1, shape.length - 2];
  if (kind === 'other') return { input: [], output: [] };
  if (kind === 'depthwise') return { input: [before], output: [before, last] };
  return layerClass.endsWith('Transpose') ? { input: [last], output: [before] } : { input: [before], output: [last] };
}
