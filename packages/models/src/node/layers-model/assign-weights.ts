import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { slotsOf } from '../../keras/slot.js';
import { ModelFileError } from '../errors.js';
import type { ShardGroup } from './model-json.js';

type Entry = ShardGroup['weights'][number];
type Variable = LayersModel['weights'][number];

/**
 * Which entries of the manifest are which weights; every weight has one, and every entry but those of an optimizer is
 * used.
 */
export function weightsOf(file: string, model: LayersModel, entries: readonly Entry[]): Map<Entry, Variable> {
  const variables = new Map(model.weights.map(variable => [variable.originalName, variable]));
  const remedy = 'Copy model.json and its weights from one save, or export the model again.';
  const mismatch = (problem: string): ModelFileError =>
    new ModelFileError('MODEL_WEIGHTS_MISMATCH', file, problem, remedy);
  if (variables.size < model.weights.length)
    throw mismatch('Several layers, perhaps of nested models, have the same name.');
  const slots = slotsOf(
    model,
    entries.map(({ name }) => name.split('/')),
  );
  const assigned = new Map<Entry, Variable>();
  for (const entry of entries) {
    if (entry.group === 'optimizer') continue;
    const found = variables.has(entry.name) ? entry.name : slots.find(entry.name.split('/'))?.name;
    const name = [found, ...spellings(entry.name)].find(spelling => spelling !== undefined && variables.has(spelling));
    const variable = name === undefined ? undefined : variables.get(name);
    if (name === undefined || !variable)
      throw mismatch(`Its weights "${entry.name}" belong to no layer, or are there twice.`);
    if (variable.shape.join() !== entry.shape.join()) {
      throw mismatch(
        `Its weights "${entry.name}" are [${entry.shape.join(', ')}], but the layer's are [${variable.shape.join(', ')}].`,
      );
    }
    if (variable.dtype !== entry.dtype) {
      throw mismatch(`Its weights "${entry.name}" are of ${entry.dtype}, but the layer's are of ${variable.dtype}.`);
    }
    variables.delete(name);
    assigned.set(entry, variable);
  }
  const [missing] = variables.keys();
  if (missing !== undefined) throw mismatch(`It has no weights for "${missing}".`);
  return assigned;
}

/**
 * `lstm/cell/kernel` may be `lstm/kernel`; and Keras 3 writes `model/conv/kernel` for `conv/kernel`, and
 * `depthwise/kernel` for `depthwise/depthwise_kernel`.
 */
function spellings(name: string): string[] {
  const parts = name.split('/');
  const own = parts.slice(-2).join('/');
  return [
    name,
    [...parts.slice(0, -2), ...parts.slice(-1)].join('/'),
    own,
    own.replace(/\/kernel$/, '/depthwise_kernel'),
  ];
}

/** Writes bytes into the weight that they belong to, as they are: constraints are for training. */
export function assignWeight(assigned: ReadonlyMap<Entry, Variable>, entry: Entry, bytes: ArrayBuffer): void {
  const variable = assigned.get(entry)?.read() as tf.Variable | undefined;
  if (!variable) return;
  const { [entry.name]: tensor } = tf.io.decodeWeights(bytes, [entry]);
  if (tensor) variable.assign(tensor);
  tensor?.dispose();
}
