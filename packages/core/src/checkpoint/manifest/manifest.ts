import type { Clock } from '../../method/clock.js';
import type { Json } from '../../method/json.js';
import type { LearningRatePlan } from '../../schedule/learning-rate-plan.js';
import type { Checkpoint, StoredOptimizer } from '../checkpoint.js';
import { checkJson } from '../json/check-json.js';
import { asArray, asInteger, asNumber, asObject, asString, type UnknownFields } from '../json/fields.js';
import { checkReparameterization, type ReparameterizationEntry } from '../reparameterization/reparameterization.js';
import { checkStateEntries, type StateArrayEntry } from '../state/state-tensors.js';
import { checkSumEntries, type SumEntry } from '../sums/sum-tensors.js';
import { checkLearningRate } from './learning-rate.js';
import {
  checkSlots,
  checkSnapshots,
  checkWeights,
  type SlotEntry,
  type SnapshotEntry,
  type WeightEntry,
} from './tensor-entries.js';

/** Everything of a checkpoint but its numbers: what the file keeps as JSON. Each field is one metadata entry. */
export interface Manifest {
  readonly method: Checkpoint['method'];
  readonly clock: Clock;
  /** The method's state, null wherever one of {@link Manifest.stateArrays} stands. */
  readonly state: Json;
  readonly stateArrays?: readonly StateArrayEntry[];
  readonly phase: string;
  readonly seed: number;
  readonly learningRate: LearningRatePlan | null;
  readonly optimizer: StoredOptimizer | null;
  readonly model: Json;
  readonly metadata: Checkpoint['metadata'];
  readonly weights: readonly WeightEntry[];
  readonly slots: readonly SlotEntry[];
  readonly snapshots: readonly SnapshotEntry[];
  readonly reparameterization?: ReparameterizationEntry;
  readonly sums?: readonly SumEntry[];
}

/** Names of the metadata entries, in the order in which they are written. */
export const manifestFields: readonly (keyof Manifest)[] = [
  'method',
  'clock',
  'state',
  'stateArrays',
  'phase',
  'seed',
  'learningRate',
  'optimizer',
  'model',
  'metadata',
  'weights',
  'slots',
  'snapshots',
  'reparameterization',
  'sums',
];

/** Metadata entries that are left out where there is nothing to say. */
export const optionalFields: ReadonlySet<string> = new Set<keyof Manifest>([
  'stateArrays',
  'reparameterization',
  'sums',
]);

/** Checks a manifest that is about to be written or was just read; fields it does not know are left behind. */
export function checkManifest(fields: UnknownFields): Manifest {
  const weights = checkWeights(fields.weights);
  const shapes = new Map(weights.map(({ name, shape }) => [name, shape]));
  return {
    method: checkMethod(fields.method),
    clock: checkClock(fields.clock),
    state: checkJson(fields.state, 'state'),
    ...(fields.stateArrays === undefined ? {} : { stateArrays: checkStateEntries(fields.stateArrays) }),
    phase: asString(fields.phase, 'phase'),
    seed: asNumber(fields.seed, 'seed'),
    learningRate: checkLearningRate(fields.learningRate),
    optimizer: checkOptimizer(fields.optimizer),
    model: checkJson(fields.model, 'model'),
    metadata: checkCallerData(fields.metadata),
    weights,
    slots: checkSlots(fields.slots, shapes),
    snapshots: checkSnapshots(fields.snapshots, shapes),
    ...(fields.reparameterization === undefined
      ? {}
      : { reparameterization: checkReparameterization(fields.reparameterization, shapes) }),
    ...(fields.sums === undefined ? {} : { sums: checkSumEntries(fields.sums, shapes) }),
  };
}

function checkMethod(value: unknown): Checkpoint['method'] {
  const { name, citation, options } = asObject(value, 'method');
  return {
    name: asString(name, 'method.name'),
    citation: asString(citation, 'method.citation'),
    options: checkJson(options, 'method.options'),
  };
}

function checkClock(value: unknown): Clock {
  const { step, position, round } = asObject(value, 'clock');
  return {
    step: asInteger(step, 'clock.step', 0),
    position: asInteger(position, 'clock.position', 0),
    round: asInteger(round, 'clock.round', 0),
  };
}

function checkOptimizer(value: unknown): StoredOptimizer | null {
  if (value === null) return null;
  const { className, iterations, powers } = asObject(value, 'optimizer');
  return {
    className: asString(className, 'optimizer.className'),
    iterations: asInteger(iterations, 'optimizer.iterations', 0),
    powers: asArray(powers, 'optimizer.powers').map((power, index) => asNumber(power, `optimizer.powers[${index}]`)),
  };
}

function checkCallerData(value: unknown): Checkpoint['metadata'] {
  asObject(value, 'metadata');
  return checkJson(value, 'metadata') as Checkpoint['metadata'];
}
