import * as tf from '@tensorflow/tfjs-core';
import type { LayerView } from '../../method/layer.js';
import type { Reparameterization } from '../../method/reparameterization.js';
import type { DeviceMasks } from '../weights/device-masks.js';
import { assignFloats, readFloats } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';
import { effectiveOf, gradientsOf, type LayerGradients } from './reparameterization-results.js';
import { type LayerParameter, type ReparameterizedWeight, reparameterize } from './reparameterized-weight.js';

/**
 * A reparameterization in force. Between steps the model's variables hold the effective weights; during an update they
 * hold the raw ones, so that the optimizer's slots keep their names and places.
 */
export class ReparameterizedWeights {
  readonly hook: Reparameterization;
  readonly masking: 'raw' | 'effective';
  /** All parameters, in the order in which the optimizer gets their gradients, after those of all weights. */
  readonly parameters: readonly LayerParameter[];
  readonly #layers = new Map<string, ReparameterizedWeight>();

  /** The present values of the prunable weights become the raw ones. */
  constructor(hook: Reparameterization, table: WeightTable) {
    this.hook = hook;
    this.masking = hook.masking ?? 'raw';
    try {
      for (const weight of table.prunable) this.#layers.set(weight.name, reparameterize(hook, weight));
    } catch (error) {
      this.dispose();
      throw error;
    }
    this.parameters = [...this.#layers.values()].flatMap(({ parameters }) => parameters);
  }

  get layers(): readonly ReparameterizedWeight[] {
    return [...this.#layers.values()];
  }

  get(name: string): ReparameterizedWeight | undefined {
    return this.#layers.get(name);
  }

  /** What follows from the dense gradient of an effective weight. Call within `tf.tidy`. */
  gradients(name: string, gradient: tf.Tensor, masks: DeviceMasks): LayerGradients | undefined {
    const layer = this.#layers.get(name);
    if (!layer) return undefined;
    // Selected before the sums over a layer, so that NaN at a masked place stays there.
    const seen = this.masking === 'raw' ? masks.where(name, gradient) : gradient;
    return gradientsOf(this.hook, layer, seen, () => masks.where(name, tf.ones(gradient.shape)));
  }

  /** Lends the model's variables to the raw weights; {@link collect} or {@link refresh} ends it. */
  expose(): void {
    for (const { weight, raw } of this.#layers.values()) weight.variable.assign(raw);
  }

  /** Takes the raw weights back from the model's variables, and shows the effective ones there. */
  collect(masks: DeviceMasks): void {
    for (const { weight, raw } of this.#layers.values()) raw.assign(weight.variable);
    this.refresh(masks);
  }

  /** Masks, and shows the model the effective weights. */
  refresh(masks: DeviceMasks): void {
    tf.tidy(() => {
      for (const layer of this.#layers.values()) {
        const { name, variable } = layer.weight;
        if (this.masking === 'raw' && masks.has(name)) layer.raw.assign(masks.where(name, layer.raw));
        variable.assign(masks.where(name, effectiveOf(this.hook, layer)));
      }
    });
  }

  /** New raw weights; {@link refresh} shows them. */
  setRaw(name: string, values: Float32Array): void {
    const layer = this.#layers.get(name);
    if (layer) assignFloats(layer.raw, values);
  }

  /** New values of some parameters of a layer; {@link refresh} shows what follows. */
  setParameters(name: string, values: Readonly<Record<string, number | Float32Array>>): void {
    for (const parameter of this.#layers.get(name)?.parameters ?? []) {
      const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
      if (value === undefined) continue;
      assignFloats(parameter.variable, typeof value === 'number' ? Float32Array.of(value) : value);
    }
  }

  /** What a method is shown beside the effective weights. */
  async view(name: string): Promise<Pick<LayerView, 'raw' | 'parameters' | 'weightParameters'>> {
    const layer = this.#layers.get(name);
    if (!layer) return {};
    const [raw, ...values] = await Promise.all([
      readFloats(layer.raw),
      ...layer.parameters.map(({ variable }) => readFloats(variable)),
    ]);
    const parameters: Record<string, number> = {};
    const weightParameters: Record<string, Float32Array> = {};
    for (const [i, { name: own, perWeight }] of layer.parameters.entries()) {
      const read = values[i] ?? new Float32Array(0);
      if (perWeight) weightParameters[own] = read;
      else parameters[own] = read[0] ?? Number.NaN;
    }
    return { raw, parameters, weightParameters };
  }

  /** Frees what was kept; the model's variables hold what they held. */
  dispose(): void {
    for (const { raw, parameters } of this.#layers.values()) {
      tf.dispose([raw, ...parameters.map(({ variable }) => variable)]);
    }
    this.#layers.clear();
  }
}
