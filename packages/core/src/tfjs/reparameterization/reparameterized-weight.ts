import * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError } from '../../errors/option-errors.js';
import type { Reparameterization, ReparameterizationParameter } from '../../method/reparameterization.js';
import type { ModelWeight } from '../weights/model-weight.js';

/** A parameter on the device. */
export interface LayerParameter {
  /** Name of the weight it belongs to. */
  readonly weight: string;
  readonly name: string;
  readonly decay: number;
  readonly variable: tf.Variable;
}

/** A prunable weight with what is trained beneath it. Neither variable counts as trainable for anybody else. */
export interface ReparameterizedWeight {
  readonly weight: ModelWeight;
  readonly raw: tf.Variable;
  readonly parameters: readonly LayerParameter[];
}

/** The declared parameters of a layer, checked. */
export function declaredParameters(
  hook: Reparameterization,
  { name, variable }: ModelWeight,
): readonly ReparameterizationParameter[] {
  const { shape, size } = variable;
  const declared = hook.parameters?.({ name, shape, size }) ?? [];
  const where = `reparameterization.parameters("${name}")`;
  if (!Array.isArray(declared)) throw new InvalidOptionError(where, declared, 'an array');
  const names = new Set<string>();
  for (const parameter of declared) {
    const { name: own, initial, decay } = parameter;
    if (typeof own !== 'string' || own === '') throw new InvalidOptionError(`${where}.name`, own, 'a name');
    if (names.has(own)) throw new InvalidOptionError(`${where}.name`, own, 'a name that the layer uses only once');
    names.add(own);
    if (!Number.isFinite(Math.fround(initial))) {
      throw new InvalidOptionError(`${where}.${own}.initial`, initial, 'a finite number');
    }
    if (!(Number.isFinite(decay) && decay >= 0)) {
      throw new InvalidOptionError(`${where}.${own}.decay`, decay, 'a finite number ≥ 0');
    }
  }
  return declared;
}

/** Keeps the weight's present value as its raw value. */
export function reparameterize(hook: Reparameterization, weight: ModelWeight): ReparameterizedWeight {
  const declared = declaredParameters(hook, weight);
  return {
    weight,
    raw: tf.variable(weight.variable, false),
    parameters: declared.map(({ name, initial, decay }) => {
      const variable = tf.tidy(() => tf.variable(tf.scalar(initial), false));
      return { weight: weight.name, name, decay, variable };
    }),
  };
}
