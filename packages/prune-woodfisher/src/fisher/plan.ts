import type { LayerView } from '@espalier/core';
import { FisherMemoryError } from '../errors.js';
import { bandsOf, bandWidth, type FisherBand, type FisherForm, SEGMENT, widest } from './band.js';
import { type BlockLayout, layoutOf } from './block-layout.js';
import { packedLength } from './packed.js';
import type { FisherSettings } from './settings.js';
import { fileBytes } from './task.js';
import { MOST_NUMBERS } from './workspace.js';

/** What an estimate has to know of a layer. */
export type MaskedLayer = Pick<LayerView, 'name' | 'shape' | 'size' | 'mask'>;

/** How one layer is estimated. */
export interface LayerPlan {
  readonly layer: MaskedLayer;
  readonly layout: BlockLayout;
  readonly bands: readonly FisherBand[];
}

/** How a model is estimated. */
export interface FisherPlan {
  readonly layers: readonly LayerPlan[];
  /** Bytes of the file that holds gradients and factors; 0 if they are in memory. */
  readonly fileBytes: number;
}

/** Index, diagonal and vector of an active entry. */
const ENTRY_BYTES = 4 + 8 + 8;
type Numbers = Pick<FisherSettings, 'samples' | 'blockSize'>;

/** Bytes of a layer in memory by form: packed float64 factors, gradients in float32, and what every entry takes. */
function layerBytes({ entries, bounds }: BlockLayout, samples: number): Record<FisherForm, number> {
  let packed = 0;
  for (let block = 1; block < bounds.length; block++) packed += packedLength(bounds[block]! - bounds[block - 1]!);
  const each = entries.length * ENTRY_BYTES;
  return {
    direct: each + 4 * Math.min(SEGMENT, samples) * entries.length + 8 * packed,
    gram: each + 4 * samples * entries.length + 8 * (bounds.length - 1) * packedLength(samples),
  };
}

const formOf = (bytes: Record<FisherForm, number>): FisherForm => (bytes.gram < bytes.direct ? 'gram' : 'direct');

/** Bytes that the Fisher blocks of these layers need in memory, the cheaper form taken for each layer. */
export function fisherBytes(layers: readonly MaskedLayer[], { samples, blockSize }: Numbers): number {
  return layers.reduce((sum, layer) => {
    const bytes = layerBytes(layoutOf(layer, blockSize), samples);
    return sum + bytes[formOf(bytes)];
  }, 0);
}

/** Chooses forms and places. Throws {@link FisherMemoryError} if the blocks do not fit anywhere. */
export function planFishers(layers: readonly MaskedLayer[], settings: FisherSettings): FisherPlan {
  const { samples, blockSize, damping, memoryLimit, executor } = settings;
  let needed = 0;
  const plans = layers.map(layer => {
    const layout = layoutOf(layer, blockSize);
    const bytes = layerBytes(layout, samples);
    needed += bytes[formOf(bytes)];
    return { layer, layout, bands: bandsOf(layout, formOf(bytes), samples, damping) };
  });
  requireAddressable(plans, blockSize);
  if (needed <= memoryLimit) return { layers: plans, fileBytes: 0 };
  if (!executor.spills) throw new FisherMemoryError(needed, memoryLimit, blockSize, greatestFitting(layers, settings));
  const spilled = spilledBytes(plans, samples, executor.threads);
  if (spilled > memoryLimit) throw new FisherMemoryError(spilled, memoryLimit, blockSize, 0);
  const bands = plans.flatMap(plan => plan.bands);
  return { layers: plans, fileBytes: bands.reduce((sum, band) => sum + fileBytes(band), 0) };
}

/** Bytes in memory of a model whose gradients and factors are in a file: one segment, and one band for each thread. */
function spilledBytes(plans: readonly LayerPlan[], samples: number, threads: number): number {
  const bands = plans.flatMap(plan => plan.bands);
  const entries = bands.reduce((sum, band) => sum + bandWidth(band), 0);
  const largest = bands.reduce((most, band) => Math.max(most, fileBytes(band)), 0);
  return entries * (ENTRY_BYTES + 4 * Math.min(SEGMENT, samples)) + threads * largest;
}

/** One block is worked on within the memory that WebAssembly can address. */
function requireAddressable(plans: readonly LayerPlan[], blockSize: number): void {
  for (const band of plans.flatMap(plan => plan.bands)) {
    const order = band.form === 'gram' ? band.count : widest(band);
    const numbers = packedLength(order) + 128 * order;
    if (numbers > MOST_NUMBERS) throw new FisherMemoryError(8 * numbers, 2 ** 32, blockSize, 30_000);
  }
}

function greatestFitting(layers: readonly MaskedLayer[], { samples, blockSize, memoryLimit }: FisherSettings): number {
  let fitting = 0;
  let tooLarge = blockSize;
  while (tooLarge - fitting > 1) {
    const middle = Math.floor((fitting + tooLarge) / 2);
    if (fisherBytes(layers, { samples, blockSize: middle }) <= memoryLimit) fitting = middle;
    else tooLarge = middle;
  }
  return fitting;
}
