import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Layer, networkOf, type Shape, shapesOf, wrappedLayers } from './network-of.js';
import { positionsOf, timesOf } from './positions.js';

/** How often each entry of a weight is multiplied for one input. */
export interface KernelUses {
  /** By name of the weight; NaN where the size of an input is open. */
  readonly uses: ReadonlyMap<string, number>;
  /** Weights that most likely multiply inputs, of layers that are not known. */
  readonly unknown: ReadonlySet<string>;
}

/**
 * Follows one input through a network, nested ones and each call of a shared layer too, and counts how often it meets
 * each kernel: once at each place of a convolution's output (padding counts as input, as is usual) or of a transposed
 * one's input, once in each step of a recurrent layer, once in a dense layer for each vector it is given.
 */
export function kernelUses(model: LayersModel): KernelUses {
  const walk = new Walk();
  walk.layer(model as unknown as Layer, shapesOf(model.inputs), 1);
  return walk;
}

class Walk implements KernelUses {
  readonly uses = new Map<string, number>();
  readonly unknown = new Set<string>();

  /** Counts a layer that is called `times` times for one input; gives the shapes of its outputs. */
  layer(layer: Layer, inputs: readonly Shape[], times: number): readonly Shape[] {
    const network = networkOf(layer);
    if (network !== undefined) {
      const known = new Map<number, Shape>(
        network.inputs.map((tensor, index) => [tensor.id, inputs[index] ?? tensor.shape]),
      );
      for (const { layer: called, reads, makes } of network.calls) {
        const outputs = this.layer(
          called,
          reads.map(tensor => known.get(tensor.id) ?? tensor.shape),
          times,
        );
        for (const [index, tensor] of makes.entries()) known.set(tensor.id, outputs[index] ?? tensor.shape);
      }
      return network.outputs.map(tensor => known.get(tensor.id) ?? tensor.shape);
    }
    const output = layer.computeOutputShape(inputs.length === 1 ? (inputs[0] as Shape) : (inputs as Shape[]));
    const outputs = (Array.isArray(output[0]) ? output : [output]) as Shape[];
    const wrapped = wrappedLayers(layer);
    if (wrapped !== undefined) {
      for (const inner of wrapped.layers)
        this.layer(inner, [wrapped.input(inputs[0] ?? [])], times * timesOf(layer, inputs));
    } else {
      const positions = positionsOf(layer, inputs[0] ?? [], outputs[0] ?? []);
      this.count(layer, positions === undefined ? undefined : times * positions);
    }
    return outputs;
  }

  private count(layer: Layer, uses: number | undefined): void {
    for (const { originalName, shape } of layer.weights) {
      if (uses !== undefined && /kernel$/.test(originalName)) {
        this.uses.set(originalName, (this.uses.get(originalName) ?? 0) + uses);
      } else if (
        uses === undefined &&
        shape.length > 1 &&
        !/(Normalization|Embedding|PReLU)/.test(layer.getClassName())
      ) {
        this.unknown.add(originalName);
      }
    }
  }
}
