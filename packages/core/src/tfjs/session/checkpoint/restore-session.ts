import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../../../checkpoint/checkpoint.js';
import { copyState } from '../../../checkpoint/state/split-state.js';
import { CheckpointMismatchError } from '../../../errors/checkpoint-errors.js';
import { InvalidOptionError } from '../../../errors/option-errors.js';
import type { MethodState } from '../../../method/state.js';
import { readSlots } from '../../optimizer/optimizer-slots.js';
import { replaceState } from '../../optimizer/optimizer-state.js';
import type { NamedTensor } from '../../weights/tensors.js';
import type { SessionRun } from '../session-run.js';
import { requireResumable } from './checkpoint-fit.js';
import { restoreReparameterization } from './reparameterization-checkpoint.js';
import { restoreWeights } from './snapshots.js';

/** Puts a freshly prepared session where the checkpoint was taken. */
export async function restoreSession<State extends MethodState>(
  run: SessionRun<State>,
  from: Checkpoint,
): Promise<void> {
  const { options } = run;
  if (!(from?.weights instanceof Map && from.masks instanceof Map && from.clock)) {
    throw new CheckpointMismatchError(
      'It is no checkpoint that was read. Read one with readCheckpoint of @espalier/core/node, or decodeCheckpoint(bytes).',
    );
  }
  if (options.masks) throw new InvalidOptionError('masks', options.masks, 'left out: a resumed session has its masks');
  if (options.seed !== undefined && options.seed !== from.seed) {
    throw new InvalidOptionError('seed', options.seed, `left out, or the checkpoint's ${from.seed}`);
  }
  requireResumable(from, run.method, options.optimizer.getClassName(), run.table);
  restoreWeights(run.table, from.weights);
  const { reparameterization: hook } = run.method;
  if (hook && from.reparameterization) {
    run.reparameterized = restoreReparameterization(hook, from.reparameterization, run.table);
  }
  await restoreOptimizer(run, from);
  run.setMasks(from.masks);
  run.device.applyToWeights();
  run.sums.restore(from.sums ?? []);
  for (const [name, snapshot] of from.snapshots) run.snapshots.set(name, snapshot);
  run.seed = from.seed;
  run.clock = from.clock;
  run.phase = from.phase;
  run.state = copyState(from.state) as State;
  run.rate.plan = from.learningRate;
}

async function restoreOptimizer<State extends MethodState>(run: SessionRun<State>, from: Checkpoint): Promise<void> {
  const { optimizer } = run.options;
  for (const { variable } of (await readSlots(optimizer, run.table)).slots) variable.dispose();
  const slots = orderedSlots(run, from);
  try {
    if (await replaceState(optimizer, from.optimizer?.iterations ?? 0, from.optimizer?.powers ?? [], slots)) return;
  } finally {
    tf.dispose(slots.map(({ tensor }) => tensor));
  }
  throw new CheckpointMismatchError(
    'Its optimizer corrects its bias in another way. Use the same version of TensorFlow.js.',
  );
}

/**
 * The optimizer's kinds of slots in the order in which it listed them; within a kind, weights in the session's order,
 * which is the order in which it passes gradients, and then parameters. TensorFlow.js goes by both.
 */
function orderedSlots<State extends MethodState>(
  { table, reparameterized }: SessionRun<State>,
  from: Checkpoint,
): NamedTensor[] {
  const stored = new Map(from.slots.map(slot => [JSON.stringify([slot.weight, slot.slot]), slot]));
  const kinds = [...new Set(from.slots.map(({ slot }) => slot))];
  return kinds.flatMap((kind, place) => {
    const weights = table.trainable.flatMap(({ name, variable }) => {
      const slot = stored.get(JSON.stringify([name, kind]));
      return slot ? [named(variable, kind, slot.values)] : [];
    });
    const parameters = reparameterized?.parameters.map(({ variable }, i) => {
      const { size } = variable;
      const values = from.reparameterization?.parameters[i]?.values.subarray(size * (1 + place), size * (2 + place));
      return named(variable, kind, values ?? new Float32Array(size));
    });
    return [...weights, ...(parameters ?? [])];
  });
}

function named({ name, shape }: tf.Variable, kind: string, values: Float32Array): NamedTensor {
  return { name: `${name}/${kind}`, tensor: tf.tensor(values.slice(), shape) };
}
