import { type ModelWeight, modelWeights, toModel } from '@espalier/core/tfjs';
import { type LayersModel, layers, model as modelOf, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { type FeaturePlace, findClassifier } from './find-classifier.js';
import { headName, newHead } from './head.js';
import { masksOf } from './masks-of.js';
import type { Upstream } from './upstream.js';

type Layer = layers.Layer;

/** A copy of a trained network with a new, dense classifier. */
export interface Network {
  readonly model: LayersModel;
  /** All weights; the new classifier is not prunable. */
  readonly weights: readonly ModelWeight[];
  /** Masks of the backbone's weights. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
}

/**
 * Copies the network and puts a linear layer of so many classes in the place of its classifier. All layers are trained.
 * `masksFor` says what is masked in the copy.
 */
export async function withNewHead(
  upstream: Upstream,
  classes: number,
  seed: number,
  place: FeaturePlace = {},
  masksFor: typeof masksOf = masksOf,
): Promise<Network> {
  const old = await toModel(upstream);
  let model: LayersModel;
  try {
    const { features } = findClassifier(old, place);
    const dimension = features.shape.slice(1).reduce<number>((product, side) => product * (side ?? 0), 1);
    const flat = features.shape.length === 2 ? features : layers.flatten({ name: 'transfer_flatten' }).apply(features);
    const outputs = newHead(dimension, classes, seed).apply(flat) as SymbolicTensor;
    model = modelOf({ name: old.name, inputs: old.inputs, outputs });
    const kept = new Set(innermostLayers(model));
    for (const layer of innermostLayers(old)) if (!kept.has(layer)) layer.dispose();
  } catch (error) {
    old.dispose();
    throw error;
  }
  unfreeze(model);
  const head = `${headName}/kernel`;
  const masks = masksFor(upstream, modelWeights(model, { except: [head] }));
  return { model, masks, weights: modelWeights(model, { include: [...masks.keys()], except: [head] }) };
}

/** Layers that hold no others, each once. */
function innermostLayers(layer: Layer): Layer[] {
  const { layers: nested } = layer as Layer & { layers?: Layer[] };
  return nested ? [...new Set(nested.flatMap(innermostLayers))] : [layer];
}

/** Nested models say nothing to their layers, so each is told by itself. */
function unfreeze(layer: Layer): void {
  layer.trainable = true;
  const { layers: nested } = layer as Layer & { layers?: Layer[] };
  for (const child of nested ?? []) unfreeze(child);
}
