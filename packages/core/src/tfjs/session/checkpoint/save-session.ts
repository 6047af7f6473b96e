import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Checkpoint, StoredOptimizer, StoredSlot } from '../../../checkpoint/checkpoint.js';
import { withoutReparameterization } from '../../../checkpoint/reparameterization/reparameterization.js';
import { copyState } from '../../../checkpoint/state/split-state.js';
import type { Json } from '../../../method/json.js';
import type { MethodState } from '../../../method/state.js';
import { checkOptions } from '../../../options/check-options.js';
import type { OptionRules } from '../../../options/option-rule.js';
import { rules } from '../../../options/rules.js';
import { metadataWithNormalization } from '../../model/model-normalization.js';
import { requireModel } from '../../model/require-model.js';
import { readPowers } from '../../optimizer/adam-powers.js';
import { readSlots } from '../../optimizer/optimizer-slots.js';
import { readFloats } from '../../weights/tensors.js';
import { plainDataRule } from '../plain-reason.js';
import type { SessionRun } from '../session-run.js';
import { storeReparameterization } from './reparameterization-checkpoint.js';
import { storeTensor } from './snapshots.js';

/** What a checkpoint holds besides the run itself. */
export interface CheckpointOptions {
  /** The network, so that `toModel` can rebuild it from the checkpoint alone. */
  readonly model?: LayersModel | undefined;
  /** Plain data to keep with it: dataset, recipe, accuracy. The normalization that `model` carries is added. */
  readonly metadata?: { readonly [key: string]: Json } | undefined;
  /**
   * Whether to keep the optimizer's state, sums of gradients, and what a {@link Reparameterization} trains beneath the
   * weights. A checkpoint without them is smaller, but cannot be resumed; zeros that a reparameterization made are
   * masked in it.
   *
   * @defaultValue true
   */
  readonly slots?: boolean | undefined;
  /**
   * Whether to keep the snapshots. Without them a method that rewinds cannot be resumed.
   *
   * @defaultValue true
   */
  readonly snapshots?: boolean | undefined;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const flag = rules.optional(rules.boolean);

const checkpointRules: OptionRules<CheckpointOptions> = {
  model: rules.optional((_, model) => requireModel(model)),
  metadata: rules.optional((option, value) => {
    rules.that('an object', isObject)(option, value);
    plainDataRule(option, value);
  }),
  slots: flag,
  snapshots: flag,
};

export async function saveSession<State extends MethodState>(
  run: SessionRun<State>,
  options: CheckpointOptions,
): Promise<Checkpoint> {
  checkOptions<CheckpointOptions>(options, checkpointRules);
  const { method, table, clock, state, phase, seed, rate } = run;
  const { model, metadata = {}, slots = true, snapshots = true } = options;
  const weights = table.all.map(async weight => {
    return [weight.name, { ...(await storeTensor(weight)), trainable: weight.trainable }] as const;
  });
  const { reparameterized } = run;
  const beneath = reparameterized && (await storeReparameterization(run, reparameterized));
  const sums = slots && !run.sums.isEmpty ? await run.sums.store(table) : undefined;
  const checkpoint: Checkpoint = {
    format: 'espalier-checkpoint/1',
    method: { name: method.name, citation: method.citation, options: method.options },
    clock,
    state: copyState(state),
    phase,
    seed,
    learningRate: rate.plan,
    masks: new Map([...run.masks].map(([name, mask]) => [name, mask.slice()])),
    weights: new Map(await Promise.all(weights)),
    slots: slots ? await storeSlots(run) : [],
    optimizer: slots ? await storeOptimizer(run) : null,
    snapshots: new Map(snapshots ? run.snapshots : []),
    model: model ? plainTopology(model) : null,
    ...(beneath ? { reparameterization: beneath } : {}),
    ...(sums ? { sums } : {}),
    metadata: metadataWithNormalization(metadata, model),
  };
  return slots ? checkpoint : withoutReparameterization(checkpoint);
}

async function storeSlots<State extends MethodState>(run: SessionRun<State>): Promise<StoredSlot[]> {
  const { slots } = await readSlots(run.options.optimizer, run.table);
  return Promise.all(
    slots.map(async ({ weight, slot, variable, initial }) => {
      return { weight: weight.name, slot, initial, shape: variable.shape, values: await readFloats(variable) };
    }),
  );
}

async function storeOptimizer<State extends MethodState>(run: SessionRun<State>): Promise<StoredOptimizer> {
  const { optimizer } = run.options;
  return {
    className: optimizer.getClassName(),
    iterations: optimizer.iterations,
    powers: await readPowers(optimizer),
  };
}

/** The topology without the undefined fields that TensorFlow.js leaves in it. */
function plainTopology(model: LayersModel): Json {
  return JSON.parse(JSON.stringify(model.toJSON(null, false))) as Json;
}
