import { InvalidOptionError, nearestName } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { type Shape, sameShapes, shown } from '../output/shapes.js';
import { replaceCall } from '../replace-call.js';

type Layer = layers.Layer;

const option = 'distillation.features.layers';

/** The layers of a model by their names, nested models and what is in them included, each once. */
function namedLayers(model: LayersModel): Map<string, Layer[]> {
  const found = new Map<string, Layer[]>();
  const add = (layer: Layer): void => {
    const same = found.get(layer.name) ?? [];
    if (same.includes(layer)) return;
    found.set(layer.name, [...same, layer]);
    for (const inner of (layer as Partial<LayersModel>).layers ?? []) add(inner);
  };
  for (const layer of model.layers) add(layer);
  return found;
}

/**
 * The layers of these names in a student and in its teacher.
 *
 * @throws {@link InvalidOptionError} if one of them lacks a layer or has several of the name, or their outputs differ
 *   in shape.
 */
export function featureLayers(student: LayersModel, teacher: LayersModel, names: readonly string[]): [Layer, Layer][] {
  if (names.length === 0) throw new InvalidOptionError(option, '[]', 'the names of one layer or more');
  const [own, taught] = [namedLayers(student), namedLayers(teacher)];
  return [...new Set(names)].map(name => {
    const pair: [Layer, Layer] = [only(own, name, 'model'), only(taught, name, 'teacher')];
    const [first = [], second = []] = pair.map(shapeOf);
    if (sameShapes([first], [second])) return pair;
    const found = `"${name}", whose output is ${shown(first)} in the model and ${shown(second)} in the teacher`;
    throw new InvalidOptionError(option, found, 'layers with outputs of the same shape in both');
  });
}

function only(known: ReadonlyMap<string, readonly Layer[]>, name: string, which: string): Layer {
  const [layer, ...others] = known.get(name) ?? [];
  if (layer && others.length === 0) return lastOf(layer);
  if (layer)
    throw new InvalidOptionError(option, name, `a name that one layer of the ${which} has, not ${others.length + 1}`);
  const meant = nearestName(name, [...known.keys()]);
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  throw new InvalidOptionError(option, name, `the name of a layer of the ${which}${hint}`);
}

/** Of a nested model its last layer, since a Sequential that begins with one calls the layers in it. */
function lastOf(layer: Layer): Layer {
  const end = (layer as Partial<LayersModel>).outputs?.[0]?.sourceLayer;
  return end && end !== layer ? lastOf(end) : layer;
}

/** Shape of what a layer gives, where it is called last. */
const shapeOf = ({ inboundNodes }: Layer): Shape => (inboundNodes.at(-1)?.outputShapes[0] ?? []) as Shape;

/**
 * Computes something, and hands out what some layers give meanwhile, in their order; of layers that are called several
 * times the first. The tensors are the caller's.
 */
export function observing<Result>(
  layersToSee: readonly Layer[],
  compute: () => Result,
): { readonly result: Result; readonly seen: tf.Tensor[] } {
  const seen: (tf.Tensor | undefined)[] = layersToSee.map(() => undefined);
  const restore = layersToSee.map((layer, i) =>
    replaceCall(layer, call => (inputs, kwargs) => {
      const output = call(inputs, kwargs);
      // A copy, since models dispose of what lies between their layers.
      seen[i] ??= tf.keep(tf.clone([output].flat()[0] as tf.Tensor));
      return output;
    }),
  );
  try {
    return { result: compute(), seen: seen as tf.Tensor[] };
  } catch (error) {
    tf.dispose(seen.filter(tensor => tensor !== undefined));
    throw error;
  } finally {
    for (const undo of restore.reverse()) undo();
  }
}
