import * as tf from '@tensorflow/tfjs-core';
import { InvalidOptionError, ShapeMismatchError } from '../../errors/option-errors.js';
import type { Reparameterization, ReparameterizationParameter } from '../../method/reparameterization.js';
import { rules } from '../../options/rules.js';
import { layerShapeOf } from '../weights/layer-shape.js';
import type { ModelWeight } from '../weights/model-weight.js';

/** A parameter on the device. */
export interface LayerParameter {
  /** Name of the weight it belongs to. */
  readonly weight: string;
  readonly name: string;
  /** Whether it has the shape of the weight; a scalar if not. */
  readonly perWeight: boolean;
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
  weight: ModelWeight,
): readonly ReparameterizationParameter[] {
  const layer = layerShapeOf(weight);
  const { name, size } = layer;
  const declared = hook.parameters?.(layer) ?? [];
  const where = `reparameterization.parameters("${name}")`;
  if (!Array.isArray(declared)) throw new InvalidOptionError(where, declared, 'an array');
  const names = new Set<string>();
  for (const parameter of declared) {
    const { name: own, initial, decay, perWeight = false } = parameter;
    if (typeof own !== 'string' || own === '') throw new InvalidOptionError(`${where}.name`, own, 'a name');
    if (names.has(own)) throw new InvalidOptionError(`${where}.name`, own, 'a name that the layer uses only once');
    names.add(own);
    rules.boolean(`${where}.${own}.perWeight`, perWeight as never);
    requireInitial(`${where}.${own}.initial`, initial, perWeight ? size : undefined);
    if (!(Number.isFinite(decay) && decay >= 0)) {
      throw new InvalidOptionError(`${where}.${own}.decay`, decay, 'a finite number ≥ 0');
    }
  }
  return declared;
}

/** `size` is that of the weight, if there is a number for each entry. */
function requireInitial(option: string, initial: unknown, size: number | undefined): void {
  const values = size !== undefined && initial instanceof Float32Array ? initial : undefined;
  if (values && values.length !== size) throw new ShapeMismatchError(option, [values.length], [size ?? 0]);
  if (values ? values.every(Number.isFinite) : Number.isFinite(Math.fround(initial as number))) return;
  const kind =
    size === undefined ? 'a finite number' : 'a finite number, or a Float32Array of such, one for each entry';
  throw new InvalidOptionError(option, initial, kind);
}

/** Keeps the weight's present value as its raw value. */
export function reparameterize(hook: Reparameterization, weight: ModelWeight): ReparameterizedWeight {
  const declared = declaredParameters(hook, weight);
  return {
    weight,
    raw: tf.variable(weight.variable, false),
    parameters: declared.map(({ name, initial, decay, perWeight = false }) => {
      const variable = tf.tidy(() =>
        tf.variable(initialTensor(initial, perWeight ? weight.variable.shape : []), false),
      );
      return { weight: weight.name, name, perWeight, decay, variable };
    }),
  };
}

function initialTensor(initial: number | Float32Array, shape: number[]): tf.Tensor {
  return typeof initial === 'number' ? tf.fill(shape, initial) : tf.tensor(initial.slice(), shape);
}
