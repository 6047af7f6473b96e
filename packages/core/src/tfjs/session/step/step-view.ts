import * as tf from '@tensorflow/tfjs-core';
import type { LayerView } from '../../../method/layer.js';
import type { Observation } from '../../../method/step.js';
import type { GradientSums } from '../../optimizer/gradient-sums.js';
import type { ReparameterizedWeights } from '../../reparameterization/reparameterized-weights.js';
import { layerShapeOf } from '../../weights/layer-shape.js';
import type { ModelWeight } from '../../weights/model-weight.js';
import { readFloats } from '../../weights/tensors.js';
import type { SessionOptions } from '../session-options.js';

/** Where the parts of a view are read from. */
export interface ViewSources {
  /** Masks by weight name; all active without one. */
  readonly masks?: ReadonlyMap<string, Uint8Array>;
  /** Dense gradients of the step by weight name. */
  readonly gradients?: ReadonlyMap<string, tf.Tensor>;
  readonly reparameterized?: ReparameterizedWeights | undefined;
  readonly sums?: Pick<GradientSums, 'view'>;
  /** Slots of the optimizer by weight name, if they were asked for. */
  readonly slots?: ReadonlyMap<string, NonNullable<LayerView['slots']>> | undefined;
}

/** Reads back what was asked for, and nothing else. */
export function viewLayers(
  weights: readonly ModelWeight[],
  observe: Observation,
  { masks, gradients, reparameterized, sums, slots }: ViewSources,
): Promise<LayerView[]> {
  const { kind } = observe;
  return Promise.all(
    weights.map(async (weight): Promise<LayerView> => {
      const { name, variable } = weight;
      const { size } = variable;
      const own = slots?.get(name);
      const seen = {
        ...layerShapeOf(weight),
        mask: masks?.get(name) ?? new Uint8Array(size).fill(1),
        ...(observe.sums && sums ? { sums: await sums.view(name, size) } : {}),
        ...(own ? { slots: own } : {}),
      };
      if (kind === 'clock') return { ...seen, weights: new Float32Array(0) };
      const beneath = await reparameterized?.view(name);
      const view = { ...seen, weights: await readFloats(variable), ...beneath };
      return kind === 'gradients' ? { ...view, gradient: await floatsOrZeros(gradients?.get(name), size) } : view;
    }),
  );
}

/** Zeros where no gradient arrived: a frozen weight, or one that the loss does not depend on. */
function floatsOrZeros(tensor: tf.Tensor | undefined, size: number): Promise<Float32Array> | Float32Array {
  return tensor ? readFloats(tensor) : new Float32Array(size);
}

/** Per-example gradients, one set in memory at a time, until `ended`. */
export async function* streamGradients(
  count: number,
  weights: readonly ModelWeight[],
  exampleLosses: NonNullable<SessionOptions['exampleLosses']>,
  ended: () => boolean,
): AsyncGenerator<ReadonlyMap<string, Float32Array>> {
  let left = count;
  for await (const loss of exampleLosses(count)) {
    if (left-- === 0 || ended()) return;
    yield await exampleGradients(loss, weights);
  }
}

async function exampleGradients(
  loss: () => tf.Scalar,
  weights: readonly ModelWeight[],
): Promise<Map<string, Float32Array>> {
  const trained = weights.filter(weight => weight.trainable).map(weight => weight.variable);
  const { value, grads } = tf.variableGrads(loss, trained);
  try {
    const read = weights.map(
      async ({ name, variable }) => [name, await floatsOrZeros(grads[variable.name], variable.size)] as const,
    );
    return new Map(await Promise.all(read));
  } finally {
    tf.dispose([value, ...Object.values(grads)]);
  }
}
