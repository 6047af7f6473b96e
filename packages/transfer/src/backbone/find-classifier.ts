import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { NoClassifierError } from '../errors.js';
import { lastNames } from './layer-names.js';
import { type Container, isContainer, type Layer, namedOutput, outside, type Refuse } from './named-output.js';
import { averaged, isWholePooling, placesOf } from './places.js';

/**
 * What a network's classifier works on, `[examples, dimension]` or an image of one place: the end of the backbone.
 * Shares the layers of the model.
 */
export interface Classifier {
  /** Name of the classifier; absent if there is none, or a layer was named whose output the features are. */
  readonly name: string | undefined;
  readonly features: SymbolicTensor;
}

/** Where the features are, if it is said and not looked for. */
export interface FeaturePlace {
  /** Name of the layer whose output the features are. */
  readonly featureLayer?: string | undefined;
  /** `'none'` if the network has no classifier, so that the features are its output. */
  readonly head?: 'find' | 'none' | undefined;
}

/** The network has no classifier: the features are what it gives. */
export const headless: unique symbol = Symbol('headless');

/**
 * Finds a network's classifier by going back from its output through layers without weights: the last dense layer, or
 * the last convolution if that gives one value for each class, at a single place or averaged over all of them. What an
 * averaged 1x1 convolution works on is averaged too, which comes to the same, since both are linear. A network that
 * ends in a map, or in what is pooled or flattened of one, has no classifier, and its output is the features.
 */
export function findClassifier(model: LayersModel, { featureLayer, head }: FeaturePlace = {}): Classifier {
  const { outputs } = model;
  const refuse: Refuse = reason => {
    throw new NoClassifierError(model.name, reason);
  };
  if (featureLayer !== undefined) {
    const named = namedOutput(model as unknown as Container, featureLayer, refuse);
    if (!named) {
      const names = lastNames(model.layers.map(({ name }) => name));
      return refuse(`it has no layer "${featureLayer}" that is used once, but it has ${names}`);
    }
    return { name: undefined, features: averaged(named) };
  }
  const [output] = outputs;
  if (!output || outputs.length !== 1) return refuse(`it has ${outputs.length} outputs, ${namesOf(outputs)}`);
  const found = head === 'none' ? headless : classifierBefore(output, {}, refuse);
  return found === headless ? { name: undefined, features: averaged(output) } : found;
}

const namesOf = (outputs: readonly SymbolicTensor[]): string =>
  lastNames(outputs.map(({ sourceLayer }) => sourceLayer.name));

/** Layers without weights that may follow a classifier: they keep the classes apart. */
const following =
  /^(Activation|Softmax|ReLU|LeakyReLU|Dropout|Flatten|Reshape|Permute|Global(Average|Max)Pooling2D|AveragePooling2D|MaxPooling2D)$/;

/** What was passed on the way back: a pooling over all places, and a layer that gives probabilities. */
interface Passed {
  readonly pool?: Layer;
  readonly probabilities?: Layer;
}

/** Goes back to the classifier. */
function classifierBefore(from: SymbolicTensor, before: Passed, refuse: Refuse): Classifier | typeof headless {
  let tensor = from;
  let passed = before;
  for (;;) {
    const layer = tensor.sourceLayer;
    const kind = layer.getClassName();
    const what = `"${layer.name}" (${kind})`;
    if (isContainer(layer)) return classifierWithin(layer, tensor, passed, refuse);
    if (/^(Dense|Conv2D)$/.test(kind)) return ofLayer(layer, tensor, passed, refuse);
    if (kind === 'InputLayer') return refuse('it has no weights between its input and its output');
    if (layer.weights.length > 0) return withoutHead(passed, refuse);
    const [input, ...others] = tensor.inputs;
    if (!input || others.length > 0) {
      return isMadeOfMaps(tensor) ? withoutHead(passed, refuse) : refuse(`${what} joins several layers at its end`);
    }
    if (!following.test(kind)) {
      if (isMadeOfMaps(tensor)) return withoutHead(passed, refuse);
      return refuse(`${what} comes after its last layer with weights`);
    }
    if (isWholePooling(layer, tensor)) passed = { ...passed, pool: layer };
    if (givesProbabilities(layer)) passed = { ...passed, probabilities: layer };
    tensor = input;
  }
}

/** What gives probabilities is no extractor of features. */
function withoutHead({ probabilities }: Passed, refuse: Refuse): typeof headless {
  if (!probabilities) return headless;
  return refuse(`"${probabilities.name}" gives probabilities, of no layer that classifies whole images`);
}

function ofLayer(layer: Layer, tensor: SymbolicTensor, passed: Passed, refuse: Refuse): Classifier | typeof headless {
  if (layer.inboundNodes.length !== 1) refuse(`its last layer with weights, "${layer.name}", is used more than once`);
  const [input] = tensor.inputs;
  if (!input) return refuse(`its last layer with weights, "${layer.name}", has no input`);
  if (placesOf(input) <= 1) return { name: layer.name, features: input };
  if (placesOf(tensor) <= 1) return { name: layer.name, features: input }; // a kernel as large as the image
  const { pool, probabilities = givesProbabilities(layer) ? layer : undefined } = passed;
  const { kernelSize = [1] } = layer.getConfig() as { kernelSize?: number[] };
  if (!pool || kernelSize.some(side => side !== 1)) return withoutHead(probabilities ? { probabilities } : {}, refuse);
  return { name: layer.name, features: averaged(input, pool.getClassName().includes('Max')) };
}

/** True for a softmax and a sigmoid, by which the outputs of a classifier show. */
function givesProbabilities(layer: Layer): boolean {
  const { activation } = layer.getConfig() as { activation?: unknown };
  return layer.getClassName() === 'Softmax' || activation === 'softmax' || activation === 'sigmoid';
}

/** Whether a tensor is a map, or made of maps without a dense layer in between. */
function isMadeOfMaps(tensor: SymbolicTensor): boolean {
  const { sourceLayer, inputs } = tensor;
  const spread = inputs.length === 1 && inputs[0]?.rank === 2 && sourceLayer.weights.length === 0;
  if (tensor.rank > 2 && !spread) return true;
  if (sourceLayer.weights.length > 0 || givesProbabilities(sourceLayer) || inputs.length === 0) return false;
  return inputs.every(isMadeOfMaps);
}

/**
 * A classifier inside of a nested model: the nested model is cut, and what is left of it is called like the whole was.
 */
function classifierWithin(
  nested: Container,
  tensor: SymbolicTensor,
  passed: Passed,
  refuse: Refuse,
): Classifier | typeof headless {
  // A nested model has a node of its own besides those of its calls.
  if (nested.inboundNodes.length > 2) return refuse(`the model "${nested.name}" in it is used more than once`);
  const inner = nested.outputs[tensor.outputTensorIndex ?? 0];
  if (!inner) return refuse(`the model "${nested.name}" in it has no output`);
  if (nested.weights.length === 0) {
    const [before, ...others] = tensor.inputs;
    if (before && others.length === 0) return classifierBefore(before, passed, refuse);
    if (isMadeOfMaps(tensor)) return withoutHead(passed, refuse);
    return refuse(`the model "${nested.name}" in it joins several layers at its end`);
  }
  const found = classifierBefore(inner, passed, refuse);
  return found === headless ? headless : { ...found, features: outside(nested, found.features, tensor.inputs) };
}
