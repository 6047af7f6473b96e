import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../batch.js';
import { InvalidBatchError } from '../errors.js';
import type { Judge } from './judge.js';

/**
 * Refuses what is no batch of examples for the model, and labels that its loss cannot mean. Reads the labels, which
 * costs nothing as long as they lie in memory.
 */
export async function checkBatch(batch: Batch, judge: Judge, where: string, accuracy: boolean): Promise<void> {
  requireInputs(batch, judge, where);
  const { activation } = judge.loss;
  if (activation === undefined && !accuracy) return;
  const form = formOf(batch.ys, judge, where);
  const values = await batch.ys.data();
  // A loss of your own may take what it likes, as long as accuracy can be told.
  if (activation !== undefined || form.kind === 'indices') requireLabels(values as Float32Array, form, where);
}

/** Refuses what is no pair of tensors, and images of another shape than the model takes. */
export function requireInputs(batch: Batch, { model }: Pick<Judge, 'model'>, where: string): void {
  const { xs, ys } = requireTensors(batch, where);
  const takes = model.inputs[0]?.shape ?? [];
  const fits = xs.rank === takes.length && takes.every((side, axis) => side == null || side === xs.shape[axis]);
  if (!fits) {
    throw new InvalidBatchError(where, `xs has shape ${show(xs.shape)}, but the model takes ${show(takes)}`);
  }
  const [examples, labels] = [xs.shape[0], ys.shape[0]];
  if (!examples) throw new InvalidBatchError(where, 'it has no example');
  if (labels !== examples) {
    throw new InvalidBatchError(where, `it has ${examples} examples, but ys has shape ${show(ys.shape)}`);
  }
}

function requireTensors(batch: unknown, where: string): Batch {
  if (typeof batch !== 'object' || batch === null) {
    throw new InvalidBatchError(where, `it is ${String(batch)}, not { xs, ys }`);
  }
  for (const name of ['xs', 'ys'] as const) {
    const value: unknown = (batch as Partial<Batch>)[name];
    if (!(value instanceof tf.Tensor)) {
      const what = Array.isArray(value) ? 'an array' : value === null ? 'null' : typeof value;
      throw new InvalidBatchError(where, `${name} is ${what}, not a tensor`);
    }
    if (value.isDisposed) throw new InvalidBatchError(where, `${name} was disposed before`);
    if (value.dtype === 'string' || value.dtype === 'complex64') {
      throw new InvalidBatchError(where, `${name} holds values of type ${value.dtype}, not numbers`);
    }
  }
  return batch as Batch;
}

interface Form {
  readonly kind: 'indices' | 'distributions' | 'fractions';
  readonly classes: number;
}

/** What labels of this shape mean beside these outputs. */
function formOf(ys: tf.Tensor, { model, loss }: Judge, where: string): Form {
  const shape = [ys.shape[0] ?? 0, ...(model.outputs[0]?.shape.slice(1) ?? [])];
  const classes = shape.at(-1) ?? 1;
  const is = (wanted: readonly (number | null)[]): boolean =>
    wanted.length === ys.rank && wanted.every((side, axis) => side == null || side === ys.shape[axis]);
  const indices = shape.slice(0, -1);
  const [one, column] = [is(indices), is([...indices, 1])];
  if (classes === 1 && (one || column)) return { kind: 'fractions', classes };
  if (is(shape)) return { kind: loss.activation === 'sigmoid' ? 'fractions' : 'distributions', classes };
  if ((one || column) && loss.activation !== 'sigmoid') return { kind: 'indices', classes };
  const forms = [
    ...(classes === 1 || loss.activation !== 'sigmoid' ? [show(indices)] : []),
    ...(classes === 1 ? [] : [show(shape)]),
  ];
  throw new InvalidBatchError(where, `ys has shape ${show(ys.shape)}, but must have ${forms.join(' or ')}`);
}

function requireLabels(values: ArrayLike<number>, { kind, classes }: Form, where: string): void {
  const wrong = (index: number, expected: string): never => {
    throw new InvalidBatchError(where, `label ${values[index]} (entry ${index} of ys) is not ${expected}`);
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
      throw new InvalidBatchError(where, `row ${row} of ys sums up to ${sum}, but fractions of classes to 1`);
    }
  }
}

const show = (shape: readonly (number | null)[]): string => `[${shape.map(side => side ?? 'any').join(', ')}]`;
