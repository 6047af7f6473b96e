import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Application, layerName } from './architectures.js';
import { InvalidKerasTensorError, KerasShapeMismatchError, KerasTensorsMismatchError } from './errors.js';
import type { NamedTensor } from './named-tensors.js';
import { fits, type KerasSlot, slotsOf } from './slot.js';

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
  model: LayersModel,
  tensors: readonly NamedTensor[],
  application: Application | undefined,
  kept: string | undefined,
): Matched {
  const slots = model.layers.flatMap(slotsOf);
  const byKey = new Map<string, KerasSlot>(
    slots.flatMap(slot => slot.parameters.map(name => [`${slot.layer}/${name}`, slot] as const)),
  );
  const found = new Map<KerasSlot, NamedTensor>();
  const biases = new Map<string, NamedTensor>();
  const skipped: string[] = [];
  const unknown: string[] = [];
  for (const tensor of tensors) {
    const layer = layerName(tensor.layer, application);
    const slot = byKey.get(`${layer}/${tensor.parameter}`);
    const mean = application?.name === 'ResNet50' && isBias(tensor) ? byKey.get(meanOf(layer)) : undefined;
    if (layer === kept) skipped.push(tensor.source);
    else if (slot) setOnce(found, slot, tensor, slot.name);
    else if (mean) setOnce(biases, mean.name, tensor, `${layer}/bias`);
    else unknown.push(tensor.source);
  }
  const needed = slots.filter(({ layer }) => layer !== kept);
  const missing = needed.filter(slot => !found.has(slot)).map(({ name }) => name);
  if (missing.length + unknown.length > 0) throw new KerasTensorsMismatchError(missing, unknown);
  const pairs = needed.map(slot => [slot, found.get(slot) as NamedTensor] as const);
  for (const [slot, tensor] of pairs) {
    requireFit(slot, tensor);
    const bias = biases.get(slot.name);
    if (bias) requireFit(slot, bias);
  }
  return { pairs, biases, skipped };
}

const isBias = ({ parameter }: NamedTensor): boolean => parameter === 'bias' || parameter === '1';

/** The moving mean of the normalisation after a convolution of {@link resnet50}. */
const meanOf = (convolution: string): string =>
  `${convolution.replace(/conv(\d)$/, 'bn$1').replace(/downsample_0$/, 'downsample_1')}/moving_mean`;

function requireFit(slot: KerasSlot, { source, shape }: NamedTensor): void {
  if (!fits(slot, shape)) throw new KerasShapeMismatchError(source, slot.name, slot.variable.shape as number[], shape);
}

function setOnce<K>(map: Map<K, NamedTensor>, key: K, tensor: NamedTensor, name: string): void {
  const other = map.get(key);
  if (other) throw new InvalidKerasTensorError(tensor.source, `"${other.source}" stands for the same weight, ${name}`);
  map.set(key, tensor);
}
