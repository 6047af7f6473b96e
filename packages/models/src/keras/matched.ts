import {
  ArchitectureMismatchError,
  InvalidTensorError,
  TensorShapeMismatchError,
  TensorsMismatchError,
} from '../framework-errors.js';
import { type Application, layerName } from './architectures.js';
import type { NamedTensor } from './named-tensors.js';
import { fits, type KerasSlot, type KerasSlots } from './slot.js';

/** Where every tensor goes. */
export interface Matched {
  /** Every weight with its tensor, of a shape that fits. */
  readonly pairs: readonly (readonly [slot: KerasSlot, tensor: NamedTensor])[];
  /** Biases of convolutions that have none in the model, by the name of the moving mean that they are taken from. */
  readonly biases: ReadonlyMap<string, NamedTensor>;
  /** Tensors of the layer that is kept. */
  readonly skipped: readonly string[];
}

/** Brings weights and tensors together; refuses what is missing, left over, there twice or of another shape. */
export function matched(
  { slots, find }: KerasSlots,
  tensors: readonly NamedTensor[],
  application: Application | undefined,
  kept: string | undefined,
): Matched {
  const found = new Map<KerasSlot, NamedTensor>();
  const biases = new Map<string, NamedTensor>();
  const skipped: string[] = [];
  const unknown: string[] = [];
  for (const tensor of tensors) {
    const slot = find(tensor.parts, name => layerName(name, application));
    const layer = slot?.layer ?? layerName(tensor.parts.at(-2) as string, application);
    const mean = application?.name === 'ResNet50' && isBias(tensor) ? find([meanOf(layer), 'moving_mean']) : undefined;
    if (layer === kept) skipped.push(tensor.source);
    else if (slot) setOnce(found, slot, tensor, slot.name);
    else if (mean) setOnce(biases, mean.name, tensor, `${layer}/bias`);
    else unknown.push(tensor.source);
  }
  const needed = slots.filter(({ layer }) => layer !== kept);
  const missing = needed.filter(slot => !found.has(slot)).map(({ name }) => name);
  if (missing.length + unknown.length > 0) throw new TensorsMismatchError('keras', missing, unknown);
  const pairs = needed.map(slot => [slot, found.get(slot) as NamedTensor] as const);
  for (const [slot, tensor] of pairs) {
    requireFit(slot, tensor);
    const bias = biases.get(slot.name);
    if (bias) requireFit(slot, bias);
  }
  return { pairs, biases, skipped };
}

const isBias = ({ parts }: NamedTensor): boolean => parts.at(-1) === 'bias' || parts.at(-1) === '1';

/** The normalization after a convolution of {@link resnet50}. */
const meanOf = (convolution: string): string =>
  convolution.replace(/conv(\d)$/, 'bn$1').replace(/downsample_0$/, 'downsample_1');

function requireFit(slot: KerasSlot, { source, shape }: NamedTensor): void {
  const units = slot.variable.shape.join();
  if (slot.gru && shape.join() === `2,${units}`) {
    const remedy =
      "TensorFlow.js has no GRU with reset_after=True, Keras's default: build and train it in Keras with GRU(…, reset_after=False).";
    throw new ArchitectureMismatchError('keras', slot.layer, 'reset_after', true, false, remedy);
  }
  if (!fits(slot, shape))
    throw new TensorShapeMismatchError('keras', source, slot.name, slot.variable.shape as number[], shape);
}

function setOnce<K>(map: Map<K, NamedTensor>, key: K, tensor: NamedTensor, name: string): void {
  const other = map.get(key);
  if (other)
    throw new InvalidTensorError('keras', tensor.source, `"${other.source}" stands for the same weight, ${name}`);
  map.set(key, tensor);
}
