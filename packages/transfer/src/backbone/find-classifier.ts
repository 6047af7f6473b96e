import { type LayersModel, layers, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { NoClassifierError } from '../errors.js';
import { lastNames } from './layer-names.js';

type Layer = layers.Layer;
type Container = Layer & Pick<LayersModel, 'layers' | 'inputs' | 'outputs'>;

/**
 * What a network's classifier works on, `[examples, dimension]` or an image of one place: the end of the backbone.
 * Shares the layers of the model.
 */
export interface Classifier {
  /** Name of the classifier; absent if a layer was named whose output the features are. */
  readonly name: string | undefined;
  readonly features: SymbolicTensor;
}

/**
 * Finds a network's classifier by going back from its output through layers without weights: the last dense layer, or
 * the last convolution if that gives one value for each class, at a single place or averaged over all of them. What an
 * averaged 1x1 convolution works on is averaged too, which comes to the same, since both are linear.
 *
 * @param featureLayer - Name of the layer whose output the features are, where that cannot be told.
 */
export function findClassifier(model: LayersModel, featureLayer?: string): Classifier {
  const { outputs } = model;
  const [output] = outputs;
  if (!output || outputs.length !== 1) throw new NoClassifierError(model.name, `it has ${outputs.length} outputs`);
  const refuse: Refuse = reason => {
    throw new NoClassifierError(model.name, reason);
  };
  if (featureLayer !== undefined) {
    const named = outputOf(model as unknown as Container, featureLayer, refuse);
    if (!named) {
      const names = lastNames(model.layers.map(({ name }) => name));
      return refuse(`it has no layer "${featureLayer}" that is used once, but it has ${names}`);
    }
    return { name: undefined, features: averaged(named) };
  }
  return classifierBefore(output, undefined, refuse);
}

type Refuse = (reason: string) => never;

/** Layers without weights that may follow a classifier: they keep the classes apart. */
const following =
  /^(Activation|Softmax|ReLU|LeakyReLU|Dropout|Flatten|Reshape|Permute|Global(Average|Max)Pooling2D|AveragePooling2D|MaxPooling2D)$/;
const pooling = /^Global(Average|Max)Pooling2D$/;

/** Goes back to the classifier. `pool` is a pooling over all places that was passed on the way. */
function classifierBefore(from: SymbolicTensor, pool: Layer | undefined, refuse: Refuse): Classifier {
  let tensor = from;
  let passed = pool;
  for (;;) {
    const layer = tensor.sourceLayer;
    const kind = layer.getClassName();
    const what = `"${layer.name}" (${kind})`;
    if (isContainer(layer)) return classifierWithin(layer, tensor, passed, refuse);
    if (/^(Dense|Conv2D)$/.test(kind)) return ofLayer(layer, tensor, passed, refuse);
    if (kind === 'InputLayer') return refuse('it has no weights between its input and its output');
    if (layer.weights.length > 0) return refuse(`its last layer with weights is ${what}`);
    if (tensor.inputs.length !== 1) return refuse(`${what} joins several layers at its end`);
    if (!following.test(kind)) return refuse(`${what} comes after its last layer with weights`);
    if (pooling.test(kind) || isWhole(layer, tensor)) passed = layer;
    tensor = tensor.inputs[0] as SymbolicTensor;
  }
}

function ofLayer(layer: Layer, tensor: SymbolicTensor, pool: Layer | undefined, refuse: Refuse): Classifier {
  if (layer.inboundNodes.length !== 1) refuse(`its last layer with weights, "${layer.name}", is used more than once`);
  const [input] = tensor.inputs;
  if (!input) return refuse(`its last layer with weights, "${layer.name}", has no input`);
  if (placesOf(input) <= 1) return { name: layer.name, features: input };
  if (placesOf(tensor) <= 1) return { name: layer.name, features: input }; // a kernel as large as the image
  const { kernelSize = [1] } = layer.getConfig() as { kernelSize?: number[] };
  if (!pool) return refuse(`"${layer.name}" gives values at ${placesOf(tensor)} places, which nothing averages`);
  if (kernelSize.some(side => side !== 1)) {
    refuse(`"${layer.name}" is a convolution of ${kernelSize.join('x')} at many places, not of 1x1`);
  }
  return { name: layer.name, features: averaged(input, pool.getClassName().includes('Max')) };
}

/**
 * A classifier inside of a nested model: the nested model is cut, and what is left of it is called like the whole was.
 */
function classifierWithin(
  nested: Container,
  tensor: SymbolicTensor,
  pool: Layer | undefined,
  refuse: Refuse,
): Classifier {
  // A nested model has a node of its own besides those of its calls.
  if (nested.inboundNodes.length > 2) return refuse(`the model "${nested.name}" in it is used more than once`);
  const inner = nested.outputs[tensor.outputTensorIndex ?? 0];
  if (!inner) return refuse(`the model "${nested.name}" in it has no output`);
  if (nested.weights.length === 0) {
    const [before] = tensor.inputs;
    return before && tensor.inputs.length === 1
      ? classifierBefore(before, pool, refuse)
      : refuse(`the model "${nested.name}" in it joins several layers at its end`);
  }
  const { name, features } = classifierBefore(inner, pool, refuse);
  return { name, features: outside(nested, features, tensor.inputs) };
}

/** A tensor inside of a nested model as one of the model that holds it. */
function outside(nested: Container, inner: SymbolicTensor, inputs: SymbolicTensor[]): SymbolicTensor {
  const index = nested.inputs.indexOf(inner);
  if (index >= 0) return inputs[index] as SymbolicTensor;
  const part = modelOf({ name: `${nested.name}_features`, inputs: nested.inputs, outputs: inner });
  return part.apply(inputs.length === 1 ? (inputs[0] as SymbolicTensor) : inputs) as SymbolicTensor;
}

/** Output of a layer by name, also inside of nested models. */
function outputOf(model: Container, name: string, refuse: Refuse): SymbolicTensor | undefined {
  for (const layer of model.layers) {
    const calls = layer.inboundNodes;
    if (layer.name === name && !(isContainer(layer) ? calls.length > 2 : calls.length > 1)) {
      return calls.at(-1)?.outputTensors[0] as SymbolicTensor | undefined;
    }
    if (!isContainer(layer)) continue;
    const inner = outputOf(layer, name, refuse);
    const inputs = calls.at(-1)?.inputTensors;
    if (!inner || !inputs) continue;
    return calls.length > 2
      ? refuse(`the model "${layer.name}" in it is used more than once`)
      : outside(layer, inner, inputs);
  }
  return undefined;
}

/** Values of a map at many places averaged over them; everything else as it is. */
function averaged(map: SymbolicTensor, maximum = false): SymbolicTensor {
  if (map.rank !== 4 || placesOf(map) <= 1) return map;
  const options = { name: 'transfer_pool', dataFormat: 'channelsLast' } as const;
  const layer = maximum ? layers.globalMaxPooling2d(options) : layers.globalAveragePooling2d(options);
  return layer.apply(map) as SymbolicTensor;
}

/** Places of a map; unknown sides count as many. */
function placesOf({ shape }: SymbolicTensor): number {
  return shape.slice(1, -1).reduce<number>((product, side) => product * (side ?? Number.POSITIVE_INFINITY), 1);
}

/** Whether a pooling makes one place of all. */
function isWhole(layer: Layer, { shape, inputs }: SymbolicTensor): boolean {
  const [before] = inputs;
  if (!/^(Average|Max)Pooling2D$/.test(layer.getClassName()) || !before) return false;
  return shape.slice(1, -1).every(side => side === 1) && placesOf(before) > 1;
}

const isContainer = (layer: Layer): layer is Container => 'layers' in layer && 'outputs' in layer && 'inputs' in layer;
