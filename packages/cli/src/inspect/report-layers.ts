import { type Checkpoint, checkpointSparsity } from '@espalier/core';
import { modelWeights, toModel } from '@espalier/core/tfjs';
import { type KernelUses, kernelUses } from './kernel-uses.js';
import type { LayerReport, Macs } from './report.js';
import { whyDense } from './why-dense.js';

/** The weights that multiply inputs, counted, and those of them that could not be. */
export interface CountedLayers {
  readonly layers: readonly LayerReport[];
  readonly macs: Macs | null;
  readonly uncounted: readonly string[];
}

/** Counts every weight that multiplies inputs, and everything else that is masked, in the model's order. */
export async function reportLayers(checkpoint: Checkpoint): Promise<CountedLayers> {
  const { uses, unknown } = await usesOf(checkpoint);
  const masked = new Map(checkpointSparsity(checkpoint).perLayer.map(layer => [layer.name, layer]));
  const layers: LayerReport[] = [];
  for (const [name, weight] of checkpoint.weights) {
    const sparsity = masked.get(name);
    const multiplies = uses.has(name) || unknown.has(name) || (checkpoint.model === null && /kernel$/.test(name));
    if (sparsity === undefined && !multiplies) continue;
    const { entries, nonzeros } = {
      entries: weight.values.length,
      nonzeros: sparsity?.nonzero ?? countNonzeros(weight.values),
    };
    layers.push({
      name,
      shape: weight.shape,
      entries,
      nonzeros,
      sparsity: sparsity?.sparsity ?? 0,
      dense: sparsity === undefined ? whyDense(name, weight) : null,
      macs: macsOf(uses.get(name), entries, nonzeros),
    });
  }
  const uncounted = layers.filter(layer => layer.macs === null).map(layer => layer.name);
  return { layers, uncounted, macs: uncounted.length === 0 ? total(layers) : null };
}

async function usesOf(checkpoint: Checkpoint): Promise<KernelUses> {
  const uses = new Map<string, number>();
  if (checkpoint.model === null) return { uses, unknown: new Set() };
  const model = await toModel(checkpoint);
  try {
    // Lookups, biases and the like that were masked all the same multiply nothing.
    for (const { name, role } of modelWeights(model)) {
      if (checkpoint.masks.has(name) && role !== 'kernel' && role !== 'other') uses.set(name, 0);
    }
    const walk = kernelUses(model);
    for (const [name, count] of walk.uses) uses.set(name, count);
    return { uses, unknown: walk.unknown };
  } finally {
    model.dispose();
  }
}

function macsOf(uses: number | undefined, entries: number, nonzeros: number): Macs | null {
  if (uses === undefined || Number.isNaN(uses)) return null;
  return { dense: entries * uses, sparse: nonzeros * uses };
}

function total(layers: readonly LayerReport[]): Macs {
  const sum = (which: keyof Macs): number => layers.reduce((all, { macs }) => all + (macs?.[which] ?? 0), 0);
  return { dense: sum('dense'), sparse: sum('sparse') };
}

/** Nonzeros of a weight without a mask. */
export function countNonzeros(values: Float32Array): number {
  let count = 0;
  for (const value of values) if (value !== 0) count++;
  return count;
}
