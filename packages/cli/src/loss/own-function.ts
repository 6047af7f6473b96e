import * as tf from '@tensorflow/tfjs-core';
import { importFile } from '../method/import-module.js';
import { MethodUnusableError, wordsOf } from '../method/method-error.js';
import { moduleArguments } from '../network/load-module.js';
import { shareTensorFlow } from '../network/same-tensorflow.js';
import { OwnFunctionError } from './errors.js';

/** A loss or metric of somebody's own: a scalar of outputs and labels. */
export interface OwnFunction {
  (outputs: tf.Tensor, labels: tf.Tensor): tf.Scalar;
  readonly activation?: 'softmax' | 'sigmoid';
}

const remedy =
  'Export a function of outputs, labels and { tf } that gives a scalar tensor: export default (outputs, labels, { tf }) => ….';

/**
 * The function that a module exports: the one that is named behind `#`, else `default`, else the only one. It is given
 * the TensorFlow.js of this command as its third argument.
 *
 * @throws {@link OwnFunctionError} if the module cannot be loaded, or has no such function.
 */
export async function loadOwnFunction(reference: string, option: string): Promise<OwnFunction> {
  const [file = '', wanted] = reference.split('#');
  shareTensorFlow();
  const exported = await importFile(file).catch((error: unknown) => {
    if (!(error instanceof MethodUnusableError)) throw error;
    throw new OwnFunctionError(option, reference, error.reason, { cause: error });
  });
  const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
  const [only] = functions.length === 1 ? functions : [];
  const [, found] = functions.find(([name]) => name === (wanted ?? 'default')) ?? (wanted ? [] : (only ?? []));
  if (found === undefined) {
    const names = functions.map(([name]) => name);
    const has = names.length === 0 ? 'no function' : names.join(', ');
    const not = wanted === undefined ? '' : `, not ${wanted}`;
    const how = names.length === 0 ? remedy : `Name one of them, as in ${file}#${names[0]}.`;
    throw new OwnFunctionError(option, reference, `It exports ${has}${not}. ${how}`);
  }
  return withTensorFlow(found as OwnFunction, reference, option);
}

function withTensorFlow(found: OwnFunction, reference: string, option: string): OwnFunction {
  const { activation } = found;
  if (activation !== undefined && activation !== 'softmax' && activation !== 'sigmoid') {
    const what = `Its activation is ${String(activation)}, but must be softmax or sigmoid, or left out.`;
    throw new OwnFunctionError(option, reference, what);
  }
  const called = found as (...given: unknown[]) => tf.Scalar;
  const own = (outputs: tf.Tensor, labels: tf.Tensor): tf.Scalar => called(outputs, labels, moduleArguments);
  return activation ? Object.assign(own, { activation }) : own;
}

/**
 * Calls a function once with two made-up examples, of the first class and the last, so that it is known before any
 * training whether it gives a scalar, and, for a loss, whether that has a gradient.
 *
 * @throws {@link OwnFunctionError} if not, or it throws.
 */
export function tryOwnFunction(
  own: OwnFunction,
  shape: readonly (number | null)[],
  classes: number,
  { reference, option, gradient }: { readonly reference: string; readonly option: string; readonly gradient: boolean },
): void {
  tf.tidy(() => {
    const outputs = tf.fill([2, ...shape.slice(1).map(side => side ?? 1)], 1 / classes);
    const labels = tf.tensor1d([0, classes - 1], 'int32');
    const tried = `for outputs of [${outputs.shape.join(', ')}] and labels of [2]`;
    const call = <Result>(what: string, act: () => Result): Result => {
      try {
        return act();
      } catch (cause) {
        throw new OwnFunctionError(option, reference, `${what} ${tried}: ${wordsOf(cause)} ${remedy}`, { cause });
      }
    };
    const given: unknown = call('It threw', () => own(outputs, labels));
    if (!(given instanceof tf.Tensor) || given.size !== 1) {
      const what = given instanceof tf.Tensor ? `a tensor of [${given.shape.join(', ')}]` : typeof given;
      throw new OwnFunctionError(option, reference, `It gave ${what} ${tried}. ${remedy}`);
    }
    if (!gradient) return;
    call('It has no gradient', () => tf.grad(values => tf.reshape(own(values, labels), []))(outputs));
  });
}
