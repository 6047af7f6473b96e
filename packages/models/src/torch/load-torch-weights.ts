import { checkOptions, rules } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { requireLayersModel, requireTensorMap } from '../arguments.js';
import { type Leaf, leavesOf } from '../leaves.js';
import { isSlot, type Slot, slotsOf } from './arrangement/slot.js';
import { combinedMask, effectiveValues, outputsLast } from './baked.js';
import { checkArchitecture } from './check-architecture.js';
import { checkpointOrigin, usualEpsilon, usualResize } from './checkpoint-origin.js';
import { layerFinder } from './layer-names.js';
import { matched } from './matched.js';
import { type StoredParameter, storedParameters } from './stored-parameters.js';
import type { TorchTensors } from './torch-tensor.js';
import { type UsualNormalization, usualNormalization } from './usual-normalization.js';

/** Options of {@link loadTorchWeights}. */
export interface TorchLoadOptions {
  /**
   * What every name in the checkpoint starts with before the names of the architecture, its last dot included:
   * `'backbone.'`. Parts `module` and `_layer` are taken out of names without being told.
   *
   * @defaultValue ''
   */
  readonly prefix?: string | undefined;
  /**
   * Whether the last layer is loaded, or kept as it is in the model: for a task with other classes than the
   * checkpoint's.
   *
   * @defaultValue 'load'
   */
  readonly head?: 'load' | 'keep' | undefined;
  /**
   * Epsilon of the checkpoint's normalization, which its file does not say; every normalization of the model must have
   * it.
   *
   * @defaultValue 1e-5, PyTorch's; 1e-3 for `efficientnet_lite_pytorch`, whose names begin with `_`, and for
   * torchvision's MobileNetV3.
   */
  readonly epsilon?: number | undefined;
}

/** What {@link loadTorchWeights} found. */
export interface TorchLoadReport {
  /** Masks that the checkpoint stores, in the layout of our weights and by their names; 1 = active. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** Names of the tensors that were not needed: `num_batches_tracked`, and a head that was not to be loaded. */
  readonly skipped: readonly string[];
  /**
   * How images were resized for this checkpoint: `'bicubic'` for RigL's, `efficientnet_lite_pytorch`'s and timm's own
   * MobileNetV2 and V3, `'bilinear'` for all others.
   */
  readonly resize: 'bilinear' | 'bicubic';
  /**
   * Name of the normalization that published weights of this architecture go with, for `namedNormalization` of
   * `@espalier/core`; undefined where none is usual.
   */
  readonly normalization: UsualNormalization | undefined;
}

/**
 * Overwrites the weights of a model with those of a PyTorch checkpoint, and says what else the checkpoint held.
 *
 * Fits checkpoints of torchvision's and timm's ResNet-18 and ResNet-50 ({@link resnet18}, {@link resnet50}),
 * torchvision's VGG-16 ({@link vgg16}), timm's EfficientNet-Lite and `efficientnet_lite_pytorch` ({@link
 * efficientnetLite0}; timm's that came from TensorFlow need `epsilon: 1e-3`), torchvision's and timm's MobileNetV2 and
 * V3 ({@link mobileNetV2}, {@link mobileNetV3Large} with `variant: 'timm'` for timm's own, `'keras'` and
 * `epsilon: 1e-3` for its `tf_mobilenetv3`), the MobileNetV1 of the transfer study
 * ({@link mobileNetV1} with `variant: 'torch'`), the CIFAR ResNets whose layers are called `layer1.0.conv1` and
 * `linear` ({@link resnet20}, {@link resnet56}), and any model whose layers have PyTorch's names with `_` for `.`.
 * Kernels are transposed from OIHW to HWIO, matrices from `[output, input]`, also where a matrix follows a flattened
 * image, which PyTorch flattens with its channels first: layers in between that leave entries where they are, branches
 * that are joined, nested models and layers that are called several times are followed, and normalization of flattened
 * images is put into order, too. Layers of a nested model may go by their own names or by `model_layer`.
 * `num_batches_tracked` is dropped; values of 64-bit floats are rounded, and integers must be ones that 32-bit floats
 * hold.
 *
 * Checkpoints of sparse training may hold, each recognized by its names:
 *
 * - parts `module` and `_layer` in names, of parallel training and of wrapped layers, also twice;
 * - masks: `_weight_mask`, `weight_mask`, `mask` and the same for `bias`, beside `weight` or `weight_orig`. Masked
 *   entries become 0, and the report gives the masks;
 * - STR's thresholds `sparseThreshold`: weights become `sign(w) · relu(|w| − sigmoid(s))`, in 32-bit floats; and its
 *   last layer, a 1x1 convolution without bias, whose bias becomes 0;
 * - RigL's names (`initial_conv.conv`, `layer1.block.0.shortcut.conv`), which need `resnet50({ poolPadding: 'end' })`.
 *
 * Nothing is written unless everything fits.
 *
 * @param model - A model with the checkpoint's architecture.
 * @param tensors - The checkpoint, for instance of a safetensors file that `scripts/torch-to-safetensors.py` made.
 * @param options - Prefix of names, whether to load the head, epsilon.
 * @throws {@link InvalidOptionError} if an argument or an option is of the wrong kind, {@link UnknownOptionError} if
 * there is no such option.
 * @throws {@link TensorsMismatchError} if a weight gets no tensor or a tensor has no place.
 * @throws {@link TensorShapeMismatchError} if a tensor has another shape than the weight.
 * @throws {@link InvalidTensorError} if two tensors stand for the same weight, a mask is not of its weight's shape
 * or holds anything but 0 and 1, a threshold is not one number, or a tensor's shape is not that of its values.
 * @throws {@link TorchOrderError} if it cannot be told in which order PyTorch's model sees what a layer gets.
 * @throws {@link ArchitectureMismatchError} if the weights would fit but the model computes something else.
 *
 * @example A safetensors file.
 * ```ts
 * import { readSafetensors } from '@espalier/core';
 * import { loadTorchWeights, resnet50, type TorchLoadReport } from '@espalier/models';
 *
 * export function load(file: Uint8Array): TorchLoadReport {
 *   return loadTorchWeights(resnet50(), readSafetensors(file).tensors);
 * }
 * ```
 */
export function loadTorchWeights(
  model: LayersModel,
  tensors: TorchTensors,
  options: TorchLoadOptions = {},
): TorchLoadReport {
  requireLayersModel(model);
  requireTensorMap(tensors);
  checkOptions<TorchLoadOptions>(options, {
    prefix: rules.optional(rules.that('a text', value => typeof value === 'string')),
    head: rules.optional(rules.oneOf('load', 'keep')),
    epsilon: rules.optional(rules.number({ above: 0 })),
  });
  const { parameters, skipped, orphans } = storedParameters(tensors, options.prefix ?? '');
  const leaves = leavesOf(model);
  const layerOf = layerFinder(leaves);
  const kept = options.head === 'keep' ? leaves.findLast(({ layer }) => layer.weights.length > 0) : undefined;
  const slots = slotsOf(
    model,
    leaves.filter(leaf => leaf !== kept),
  );
  const places = new Map<Leaf | undefined, ReadonlySet<string>>();
  for (const slot of slots.filter(isSlot))
    places.set(slot.leaf, new Set([...(places.get(slot.leaf) ?? []), slot.parameter]));
  const found = new Map<Leaf, Map<string, StoredParameter>>();
  const dropped = [...skipped];
  const unknown = [...orphans];
  for (const stored of parameters.values()) {
    const leaf = layerOf(stored.module);
    if (leaf && leaf === kept) dropped.push(...sourcesOf(stored));
    else if (leaf && places.get(leaf)?.has(stored.parameter) && !found.get(leaf)?.has(stored.parameter)) {
      found.set(leaf, (found.get(leaf) ?? new Map()).set(stored.parameter, stored));
    } else unknown.push(...sourcesOf(stored));
  }
  const pairs = matched(slots, found, unknown);
  const modules = [...parameters.values()].map(({ module }) => module);
  const origin = checkpointOrigin(modules, leaves);
  const epsilon = options.epsilon ?? usualEpsilon(origin);
  checkArchitecture(leaves, epsilon, origin);
  const masks = new Map<string, Uint8Array>();
  for (const [slot, stored] of pairs) write(slot, stored, masks);
  return {
    masks,
    skipped: dropped,
    resize: usualResize(origin, epsilon),
    normalization: usualNormalization(leaves, { epsilon, torchvision: origin.torchvision }),
  };
}

const sourcesOf = ({ tensor, masks, threshold }: StoredParameter): string[] =>
  [tensor, ...masks, ...(threshold ? [threshold] : [])].map(({ source }) => source);

function write(slot: Slot, stored: StoredParameter | undefined, masks: Map<string, Uint8Array>): void {
  const shape = slot.variable.shape as number[];
  const mask = stored && combinedMask(stored);
  if (mask) masks.set(slot.name, outputsLast(mask, slot.order));
  const values = stored && outputsLast(effectiveValues(stored, mask), slot.order);
  const tensor = values ? tf.tensor(values, shape, 'float32') : tf.zeros(shape);
  slot.variable.write(tensor);
  tensor.dispose();
}
