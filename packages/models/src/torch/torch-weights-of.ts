import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireLayersModel } from '../arguments.js';
import { leavesOf } from '../leaves.js';
import { isSlot, type Order, slotsOf } from './arrangement/slot.js';
import { moduleNames } from './module-names.js';

/** A tensor in PyTorch's layout. */
export interface TorchWeight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * The weights of a model as PyTorch has them, the way back from {@link loadTorchWeights}: by the names of torchvision,
 * timm or the studies, convolutions as OIHW, matrices as `[output, input]`, also where a matrix follows a flattened
 * image. Zeros stay zeros.
 *
 * @param model - Not changed.
 * @returns New tensors by name, in the order of the layers; undefined if the model is none of the architectures of this
 *   package that have a counterpart in PyTorch, which shows in the names of its layers.
 * @throws {@link InvalidOptionError} if it is no `LayersModel`.
 * @throws {@link TorchOrderError} if it cannot be told in which order PyTorch's model sees what a layer gets.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { resnet20, torchWeightsOf } from '@espalier/models';
 *
 * const model = resnet20({ width: 2 });
 * torchWeightsOf(model).then(tensors => console.log(tensors?.get('layer1.0.conv1.weight')?.shape)); // [2, 2, 3, 3]
 * ```
 */
export async function torchWeightsOf(model: LayersModel): Promise<ReadonlyMap<string, TorchWeight> | undefined> {
  requireLayersModel(model);
  const leaves = leavesOf(model);
  const moduleOf = moduleNames(new Set(leaves.map(({ layer }) => layer.name)));
  if (!moduleOf) return undefined;
  const tensors = new Map<string, TorchWeight>();
  for (const slot of slotsOf(model, leaves)) {
    if (!isSlot(slot)) return undefined;
    const values = (await slot.variable.read().data()) as Float32Array;
    const [shape = []] = slot.shapes;
    tensors.set(`${moduleOf(slot.leaf.layer.name)}.${slot.parameter}`, {
      shape,
      values: outputsFirst(values, slot.order),
    });
  }
  return tensors;
}

/** `[positions][inputs][outputs]` as `[outputs][inputs][positions]`, inputs in PyTorch's order. */
function outputsFirst(values: Float32Array, { outputs, inputs, positions, from }: Order): Float32Array {
  const result = Float32Array.from(values);
  if (outputs === values.length) {
    from?.forEach((theirs, ours) => {
      result[theirs] = values[ours] as number;
    });
    return result;
  }
  let place = 0;
  for (let position = 0; position < positions; position++) {
    for (let input = 0; input < inputs; input++) {
      const theirs = from ? (from[input] as number) : input;
      for (let output = 0; output < outputs; output++) {
        result[(output * inputs + theirs) * positions + position] = values[place++] as number;
      }
    }
  }
  return result;
}
