import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { model as modelOf } from '@tensorflow/tfjs-layers';

/** Any layer of TensorFlow.js. */
export type Layer = layers.Layer;

/** A model that is a layer of another one. */
export type Container = Layer & Pick<LayersModel, 'layers' | 'inputs' | 'outputs'>;

/** Ends the search with the reason why there is nothing to be found. */
export type Refuse = (reason: string) => never;

/** True for models that are layers. */
export const isContainer = (layer: Layer): layer is Container =>
  'layers' in layer && 'outputs' in layer && 'inputs' in layer;

/** A tensor inside of a nested model as one of the model that holds it. */
export function outside(nested: Container, inner: SymbolicTensor, inputs: SymbolicTensor[]): SymbolicTensor {
  const index = nested.inputs.indexOf(inner);
  if (index >= 0) return inputs[index] as SymbolicTensor;
  const part = modelOf({ name: `${nested.name}_features`, inputs: nested.inputs, outputs: inner });
  return part.apply(inputs.length === 1 ? (inputs[0] as SymbolicTensor) : inputs) as SymbolicTensor;
}

/** Output of a layer by name, also inside of nested models. */
export function namedOutput(model: Container, name: string, refuse: Refuse): SymbolicTensor | undefined {
  for (const layer of model.layers) {
    const calls = layer.inboundNodes;
    if (layer.name === name && !(isContainer(layer) ? calls.length > 2 : calls.length > 1)) {
      return calls.at(-1)?.outputTensors[0] as SymbolicTensor | undefined;
    }
    if (!isContainer(layer)) continue;
    const inner = namedOutput(layer, name, refuse);
    const inputs = calls.at(-1)?.inputTensors;
    if (!inner || !inputs) continue;
    return calls.length > 2
      ? refuse(`the model "${layer.name}" in it is used more than once`)
      : outside(layer, inner, inputs);
  }
  return undefined;
}
