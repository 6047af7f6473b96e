import { ShapeMismatchError, type StepView } from '@espalier/core';
import { MissingSamplesError, SingularFisherError } from '../errors.js';
import { SEGMENT } from './band.js';
import type { FisherWork } from './executor.js';
import { LayerFisher } from './layer-fisher.js';
import { type FisherPlan, type LayerPlan, type MaskedLayer, planFishers } from './plan.js';
import type { FisherSettings } from './settings.js';
import { fileBytes } from './task.js';

/** The inverse Fisher matrices of a model. */
export interface Fishers {
  readonly layers: ReadonlyMap<string, LayerFisher>;
  /** Replaces the vector of every layer by `F⁻¹ vector`. */
  multiply(): Promise<void>;
}

/** Reads the stream once, one gradient of the model at a time, inverts, and lends the result to `use`. */
export async function withFishers<T>(
  { layers, samples }: Pick<StepView, 'layers' | 'samples'>,
  settings: FisherSettings,
  use: (fishers: Fishers) => Promise<T>,
): Promise<T> {
  const plan = planFishers(layers, settings);
  const work = await settings.executor.open(plan.fileBytes);
  try {
    const fishers = layersOf(plan, work);
    await collect(samples, fishers, settings, work);
    await invert(fishers, settings, work);
    return await use({
      layers: new Map(fishers.map(({ layer, fisher }) => [layer.name, fisher])),
      multiply: async () => void (await work.run(fishers.flatMap(({ fisher }) => fisher.multiply()))),
    });
  } finally {
    await work.close();
  }
}

type Planned = LayerPlan & { readonly fisher: LayerFisher };

function layersOf(plan: FisherPlan, work: FisherWork): Planned[] {
  let at = 0;
  return plan.layers.map(layer => {
    const fisher = new LayerFisher(layer, work, plan.fileBytes > 0 ? at : undefined);
    at += layer.bands.reduce((sum, band) => sum + fileBytes(band), 0);
    return { ...layer, fisher };
  });
}

const blocksOf = ({ layout }: LayerPlan): number => layout.bounds.length - 1;

async function collect(
  stream: StepView['samples'],
  layers: readonly Planned[],
  { samples, onProgress }: FisherSettings,
  work: FisherWork,
): Promise<void> {
  const blocks = layers.reduce((sum, layer) => sum + blocksOf(layer), 0);
  let gradients = 0;
  for await (const sample of stream ?? []) {
    for (const { layer, fisher } of layers) fisher.put(requireGradient(layer, sample.get(layer.name)), gradients);
    gradients++;
    if (gradients === samples || gradients % SEGMENT === 0) {
      const first = SEGMENT * (Math.ceil(gradients / SEGMENT) - 1);
      await work.run(layers.flatMap(({ fisher }) => fisher.intake(first)));
    }
    onProgress?.({ gradients, samples, inverted: 0, blocks });
    if (gradients === samples) break;
  }
  if (gradients < samples) throw new MissingSamplesError(gradients, samples);
}

async function invert(
  layers: readonly Planned[],
  { samples, damping, onProgress }: FisherSettings,
  work: FisherWork,
): Promise<void> {
  const jobs = layers.flatMap(({ layer, fisher }) => fisher.invert().map(task => ({ layer, task })));
  const blocks = layers.reduce((sum, layer) => sum + blocksOf(layer), 0);
  let inverted = 0;
  const regular = await work.run(
    jobs.map(({ task }) => task),
    index => {
      inverted += (jobs[index]?.task.band.bounds.length ?? 1) - 1;
      onProgress?.({ gradients: samples, samples, inverted, blocks });
    },
  );
  const singular = jobs.find((_, i) => regular[i] !== true);
  if (singular) throw new SingularFisherError(singular.layer.name, damping);
}

function requireGradient({ name, size }: MaskedLayer, gradient: Float32Array | undefined): Float32Array {
  if (gradient?.length === size) return gradient;
  throw new ShapeMismatchError(`per-example gradient of "${name}"`, [gradient?.length ?? 0], [size]);
}
