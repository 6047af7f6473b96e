import { type Checkpoint, fixed } from '@espalier/core';
import { modelWeights, PruningSession } from '@espalier/core/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel, layers } from '@tensorflow/tfjs-layers';
import { countNonzeros } from '../inspect/report-layers.js';

type Layer = layers.Layer;

/**
 * A network of any origin as a checkpoint: topology, weights and what it carries. Frozen layers are thawed, since how a
 * network was trained last says nothing about what is pruned and trained now. Zeros of a sparse network count as
 * masked, so that it stays sparse.
 *
 * @param model - Not disposed.
 * @param metadata - What else is known of it.
 * @param say - Is told of frozen layers.
 */
export async function checkpointOfModel(
  model: LayersModel,
  metadata: Checkpoint['metadata'],
  say: (line: string) => void,
): Promise<Checkpoint> {
  const frozen = thaw(model);
  if (frozen > 0) say(`${frozen} ${frozen === 1 ? 'layer is' : 'layers are'} frozen in the file, and trained here.`);
  const weights = modelWeights(model);
  const optimizer = tf.train.sgd(0);
  const session = await PruningSession.start(fixed(), { weights, optimizer, onWarning: () => {} });
  try {
    const checkpoint = await session.checkpoint({ model, metadata, slots: false, snapshots: false });
    return { ...checkpoint, masks: masksOfZeros(checkpoint, new Set(weights.filter(isPrunable).map(nameOf))) };
  } finally {
    session.dispose();
    optimizer.dispose();
  }
}

const isPrunable = ({ prunable }: { readonly prunable: boolean }): boolean => prunable;
const nameOf = ({ name }: { readonly name: string }): string => name;

/**
 * Masks of a sparse network: where at least two fifths of the prunable entries are 0. Fewer come of 8-bit weights, of
 * units that died or of chance, and may be trained. A kernel that is 0 throughout waits to be trained.
 */
function masksOfZeros({ weights }: Checkpoint, prunable: ReadonlySet<string>): Map<string, Uint8Array> {
  const kernels = [...weights].filter(([name]) => prunable.has(name));
  const [entries, zeros] = kernels.reduce(
    ([all, none], [, { values }]) => [all + values.length, none + values.length - countNonzeros(values)],
    [0, 0],
  );
  const sparse = zeros >= 0.4 * entries;
  return new Map(
    kernels.map(([name, { values }]) => {
      const masked = sparse && countNonzeros(values) > 0;
      return [name, Uint8Array.from(values, value => (masked && value === 0 ? 0 : 1))];
    }),
  );
}

/** Nested models say nothing to their layers, so each is told by itself. Gives the number of frozen layers. */
function thaw(layer: Layer): number {
  const { layers: nested } = layer as Layer & { layers?: Layer[] };
  const own = !nested && !layer.trainable && layer.weights.length > 0 ? 1 : 0;
  layer.trainable = true;
  return own + (nested ?? []).reduce((sum, child) => sum + thaw(child), 0);
}
