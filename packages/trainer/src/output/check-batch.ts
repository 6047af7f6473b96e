import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { AnyBatch } from '../batch.js';
import { InvalidBatchError } from '../errors.js';
import { canTellAccuracy, type Judge, type Part } from './judge.js';
import { inputNamesOf } from './names.js';
import { shown } from './shapes.js';
import { inputsOf, named, tensorAt } from './tensors-of.js';

/**
 * Refuses what is no batch of examples for the model, and labels that its losses cannot mean. Reads the labels, which
 * costs nothing as long as they lie in memory.
 */
export async function checkBatch(batch: AnyBatch, judge: Judge, where: string, accuracy: boolean): Promise<void> {
  requireInputs(batch, judge, where);
  const { model, parts, outputs } = judge;
  for (const part of parts) {
    const labels = tensorAt(batch.ys, part.name, part.index, outputs.length);
    if (outputs.length > 1 && !labels) {
      throw new InvalidBatchError(
        where,
        `ys has no labels for the output "${part.name}"; it needs one tensor for each`,
      );
    }
    const { activation } = part.loss;
    const counted = accuracy && part.index === 0 && canTellAccuracy(judge);
    if (activation === undefined && !counted) continue;
    const as = outputs.length > 1 ? `ys of "${part.name}"` : 'ys';
    if (!labels) throw new InvalidBatchError(where, 'ys is no tensor, but the loss is one of classes');
    const form = formOf(labels, model, part, where, as);
    const values = await labels.data();
    // A loss of your own may take what it likes, as long as accuracy can be told.
    if (activation !== undefined || form.kind === 'indices') requireLabels(values as Float32Array, form, where, as);
  }
}

/** Refuses what is no batch of tensors, and inputs of another shape than the model takes. */
export function requireInputs(batch: AnyBatch, { model }: Pick<Judge, 'model'>, where: string): void {
  const { xs, ys } = requireTensors(batch, where);
  const inputs = inputsOf(model, xs);
  const given = named(xs, 'xs');
  const single = inputs.length === 1;
  if (inputs.includes(undefined) || given.length !== inputs.length) {
    const has = given.map(([name]) => name).join(', ');
    throw new InvalidBatchError(where, `it has ${has}, but the model takes ${inputNamesOf(model).join(', ')}`);
  }
  const examples = inputs[0]?.shape[0];
  for (const [index, input] of inputs.entries()) {
    const takes = model.inputs[index]?.shape ?? [];
    const shape = input?.shape ?? [];
    const fits = shape.length === takes.length && takes.every((side, axis) => side == null || side === shape[axis]);
    const name = single ? 'xs' : `xs of "${inputNamesOf(model)[index]}"`;
    if (!fits) {
      throw new InvalidBatchError(where, `${name} has shape ${shown(shape)}, but the model takes ${shown(takes)}`);
    }
    if (shape[0] !== examples) {
      throw new InvalidBatchError(where, `${name} has ${shape[0]} examples, but the first input has ${examples}`);
    }
  }
  if (!examples) throw new InvalidBatchError(where, 'it has no example');
  if (!(ys instanceof tf.Tensor) && single && model.outputs.length === 1) return; // what a loss of its own wants
  for (const [name, value] of named(ys, 'ys')) {
    const { shape } = value as tf.Tensor;
    if (shape[0] === examples) continue;
    throw new InvalidBatchError(where, `it has ${examples} examples, but ${name} has shape ${shown(shape)}`);
  }
}

function requireTensors(batch: unknown, where: string): AnyBatch {
  if (typeof batch !== 'object' || batch === null) {
    throw new InvalidBatchError(where, `it is ${String(batch)}, not { xs, ys }`);
  }
  for (const part of ['xs', 'ys'] as const) {
    const tensors: unknown = (batch as Partial<AnyBatch>)[part];
    const parts = named(tensors, part);
    if (parts.length === 0) throw new InvalidBatchError(where, `${part} is empty`);
    // An array of numbers is meant as a tensor, not as several.
    if (Array.isArray(tensors) && !tensors.some(value => value instanceof tf.Tensor)) {
      throw new InvalidBatchError(where, `${part} is an array, not a tensor`);
    }
    for (const [name, value] of parts) requireTensor(name, value, where);
  }
  return batch as AnyBatch;
}

function requireTensor(name: string, value: unknown, where: string): void {
  if (!(value instanceof tf.Tensor)) {
    const what = Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
    throw new InvalidBatchError(where, `${name} is ${what}, not a tensor`);
  }
  if (value.isDisposed) throw new InvalidBatchError(where, `${name} was disposed before`);
  if (value.dtype === 'string' || value.dtype === 'complex64') {
    throw new InvalidBatchError(where, `${name} holds values of type ${value.dtype}, not numbers`);
  }
}

interface Form {
  readonly kind: 'indices' | 'distributions' | 'fractions';
  readonly classes: number;
}

/** What labels of this shape mean beside these outputs. */
function formOf(ys: tf.Tensor, model: LayersModel, { index, loss }: Part, where: string, as: string): Form {
  const shape = [ys.shape[0] ?? 0, ...(model.outputs[index]?.shape.slice(1) ?? [])];
  const classes = shape.at(-1) ?? 1;
  const is = (wanted: readonly (number | null)[]): boolean =>
    wanted.length === ys.rank && wanted.every((side, axis) => side == null || side === ys.shape[axis]);
  const indices = shape.slice(0, -1);
  const [one, column] = [is(indices), is([...indices, 1])];
  if (classes === 1 && (one || column)) return { kind: 'fractions', classes };
  if (is(shape)) return { kind: loss.activation === 'sigmoid' ? 'fractions' : 'distributions', classes };
  if ((one || column) && loss.activation !== 'sigmoid') return { kind: 'indices', classes };
  const forms = [
    ...(classes === 1 || loss.activation !== 'sigmoid' ? [shown(indices)] : []),
    ...(classes === 1 ? [] : [shown(shape)]),
  ];
  throw new InvalidBatchError(where, `${as} has shape ${shown(ys.shape)}, but must have ${forms.join(' or ')}`);
}

function requireLabels(values: ArrayLike<number>, { kind, classes }: Form, where: string, as: string): void {
  const wrong = (index: number, expected: string): never => {
    throw new InvalidBatchError(where, `label ${values[index]} (entry ${index} of ${as}) is not ${expected}`);
  };
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? Number.NaN;
    if (kind === 'indices' && !(Number.isInteger(value) && value >= 0 && value < classes)) {
      wrong(index, `the index of one of ${classes} classes, 0 to ${classes - 1}`);
    }
    if (kind !== 'indices' && !(value >= 0 && value <= 1)) wrong(index, 'a fraction from 0 to 1');
  }
  if (kind !== 'distributions') return;
  for (let row = 0; row * classes < values.length; row++) {
    let sum = 0;
    for (let index = row * classes; index < (row + 1) * classes; index++) sum += values[index] ?? 0;
    if (!(Math.abs(sum - 1) <= 1e-3)) {
      throw new InvalidBatchError(where, `row ${row} of ${as} sums up to ${sum}, but fractions of classes to 1`);
    }
  }
}
