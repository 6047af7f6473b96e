import { InvalidOptionError, nearestName } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { sameShapes, shown } from './same-shapes.js';

const option = 'distillation.features.layers';

/** A model that gives more than its outputs, with the same weights. */
export interface WithFeatures {
  readonly model: LayersModel;
  /** Of all that the model gives, what a layer gave. */
  feature(values: readonly tf.Tensor[], layer: string): tf.Tensor;
}

/** Lets a model also give the outputs of some of its layers, after its own. */
export function withFeatures(of: LayersModel, layers: readonly string[]): WithFeatures {
  const given = [...new Set([...of.outputs, ...layers.map(name => outputOf(of, name))])];
  return {
    model: given.length === of.outputs.length ? of : model({ inputs: of.inputs, outputs: given }),
    feature: (values, layer) => values[given.indexOf(outputOf(of, layer))] as tf.Tensor,
  };
}

/** Refuses layers that one of the two models lacks, and those whose outputs differ in shape. */
export function requireSameFeatures(student: LayersModel, teacher: LayersModel, layers: readonly string[]): void {
  if (layers.length === 0) throw new InvalidOptionError(option, '[]', 'the names of one layer or more');
  for (const name of layers) {
    const [own, taught] = [shapeOf(student, name, 'model'), shapeOf(teacher, name, 'teacher')];
    if (sameShapes([own], [taught])) continue;
    const found = `"${name}", whose output is ${shown([own])} in the model and ${shown([taught])} in the teacher`;
    throw new InvalidOptionError(option, found, 'layers with outputs of the same shape in both');
  }
}

/** Refuses the layer of the output, which is not a feature where its distribution is learned. */
export function requireNoOutput({ outputs }: LayersModel, layers: readonly string[]): void {
  const last = layers.find(name => outputs.some(({ sourceLayer }) => sourceLayer.name === name));
  if (last !== undefined)
    throw new InvalidOptionError(option, last, 'layers before the output, of which weight says how much it counts');
}

function shapeOf(of: LayersModel, name: string, which: string): readonly (number | null)[] {
  const known = of.layers.map(layer => layer.name);
  if (!known.includes(name)) {
    const meant = nearestName(name, known);
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    throw new InvalidOptionError(option, name, `the name of a layer of the ${which}${hint}`);
  }
  return outputOf(of, name).shape;
}

/** What a layer gives where it is used first, for those that a model uses several times. */
function outputOf(of: LayersModel, name: string): SymbolicTensor {
  return [of.getLayer(name).getOutputAt(0)].flat()[0] as SymbolicTensor;
}
