import * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError, ShapeMismatchError } from '../../errors/option-errors.js';
import type { Reparameterization, ReparameterizationInputs } from '../../method/reparameterization.js';
import type { ReparameterizedWeight } from './reparameterized-weight.js';
import { tensorOperations } from './tensor-operations.js';

/** Gradients of one layer; parameters in their order. */
export interface LayerGradients {
  readonly raw: tf.Tensor;
  readonly parameters: readonly tf.Tensor[];
}

/** The effective weight before masks, checked for its shape. Call within `tf.tidy`. */
export function effectiveOf(hook: Reparameterization, { weight, raw, parameters }: ReparameterizedWeight): tf.Tensor {
  const effective = hook.effective<tf.Tensor>(tensorOperations, raw, named(parameters));
  return requireShape(effective, raw.shape, `effective weight of "${weight.name}"`);
}

/** The gradients of a step, checked for names and shapes; `mask` makes the mask as numbers. Call within `tf.tidy`. */
export function gradientsOf(
  hook: Reparameterization,
  { weight, raw, parameters }: ReparameterizedWeight,
  gradient: tf.Tensor,
  mask: () => tf.Tensor,
): LayerGradients {
  const inputs: ReparameterizationInputs<tf.Tensor> = {
    raw,
    parameters: named(parameters),
    gradient,
    get mask() {
      return mask();
    },
  };
  const results = hook.backward<tf.Tensor>(tensorOperations, inputs);
  return {
    raw: requireShape(results?.raw, raw.shape, `gradient of the raw weight of "${weight.name}"`),
    parameters: parameters.map(({ name, perWeight }) => {
      const given = results.parameters?.[name];
      if (!given) {
        const expected = `a function whose result has a gradient for each parameter, also for "${name}" of "${weight.name}"`;
        throw new InvalidOptionError('reparameterization.backward', hook.backward, expected);
      }
      const what = `gradient of "${name}" of "${weight.name}"`;
      if (perWeight) return requireShape(given, raw.shape, what);
      if (given.size !== 1) throw new ShapeMismatchError(what, given.shape, []);
      return tf.reshape(given, []);
    }),
  };
}

function named(parameters: ReparameterizedWeight['parameters']): Readonly<Record<string, tf.Tensor>> {
  return Object.fromEntries(parameters.map(({ name, variable }) => [name, variable]));
}

function requireShape(tensor: tf.Tensor, shape: readonly number[], what: string): tf.Tensor {
  if (!(tensor instanceof tf.Tensor)) {
    throw new InvalidOptionError('method.reparameterization', tensor, `one that returns a tensor as ${what}`);
  }
  if (tensor.shape.join() !== shape.join()) throw new ShapeMismatchError(what, tensor.shape, shape);
  return tensor;
}
