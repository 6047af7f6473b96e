import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint, StoredSlot } from '../checkpoint/checkpoint.js';
import { CheckpointMismatchError } from '../errors/checkpoint-errors.js';
import { InvalidOptionError } from '../errors/option-errors.js';
import type { Json } from '../method/json.js';
import { writePowers } from './adam-powers.js';
import { requireResumable } from './checkpoint-fit.js';
import { readSlots } from './optimizer-slots.js';
import type { SessionRun } from './session-run.js';
import { restoreWeights } from './snapshots.js';
import type { NamedTensor } from './tensors.js';

/** Puts a freshly prepared session where the checkpoint was taken. */
export async function restoreSession<State extends Json>(run: SessionRun<State>, from: Checkpoint): Promise<void> {
  const { options } = run;
  if (options.masks) throw new InvalidOptionError('masks', options.masks, 'left out: a resumed session has its masks');
  if (options.seed !== undefined && options.seed !== from.seed) {
    throw new InvalidOptionError('seed', options.seed, `left out, or the checkpoint's ${from.seed}`);
  }
  requireResumable(from, run.method, options.optimizer.getClassName(), run.table);
  restoreWeights(run.table, from.weights);
  await restoreOptimizer(run, from);
  run.setMasks(from.masks);
  run.device.applyToWeights();
  for (const [name, snapshot] of from.snapshots) run.snapshots.set(name, snapshot);
  run.seed = from.seed;
  run.clock = from.clock;
  run.phase = from.phase;
  run.state = from.state as State;
  run.rate.plan = from.learningRate;
}

async function restoreOptimizer<State extends Json>(
  { options, table }: SessionRun<State>,
  from: Checkpoint,
): Promise<void> {
  const { optimizer } = options;
  for (const { variable } of (await readSlots(optimizer, table)).slots) variable.dispose();
  const values = orderSlots(
    from.slots,
    table.trainable.map(({ name }) => name),
  ).map((slot): NamedTensor => {
    const weight = table.get(slot.weight);
    return { name: `${weight?.variable.name}/${slot.slot}`, tensor: tf.tensor(slot.values.slice(), [...slot.shape]) };
  });
  const iterations = { name: 'iter', tensor: tf.scalar(from.optimizer?.iterations ?? 0, 'int32') };
  try {
    await optimizer.setWeights([iterations, ...values]);
  } finally {
    tf.dispose([iterations.tensor, ...values.map(({ tensor }) => tensor)]);
  }
  // After setWeights, which recomputes them.
  if (!writePowers(optimizer, from.optimizer?.powers ?? [])) {
    throw new CheckpointMismatchError(
      'Its optimizer corrects its bias in another way. Use the same version of TensorFlow.js.',
    );
  }
}

/**
 * The optimizer's kinds of slots in the order in which it listed them; within a kind, weights in the session's order, which
 * is the order in which it passes gradients. TensorFlow.js goes by both.
 */
function orderSlots(slots: readonly StoredSlot[], weights: readonly string[]): StoredSlot[] {
  const rank = new Map(weights.map((name, i) => [name, i]));
  const kinds = [...new Set(slots.map(({ slot }) => slot))];
  return kinds.flatMap(kind => {
    const group = slots.filter(({ slot }) => slot === kind);
    return group.sort((a, b) => (rank.get(a.weight) ?? 0) - (rank.get(b.weight) ?? 0));
  });
}
