import { type InputNormalization, namedNormalization, readSafetensors } from '@espalier/core';
import {
  loadKerasWeights,
  loadTorchWeights,
  modelByName,
  type NamedModelOptions,
  TensorShapeMismatchError,
  TensorsMismatchError,
  type TorchLoadOptions,
} from '@espalier/models';
import { readKerasWeights } from '@espalier/models/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { belowPrefix } from './below-prefix.js';
import { bodyOf } from './body-of.js';
import { fileKind } from './file-kind.js';
import { readWhole } from './read-whole.js';

/** A network with weights from a file, and what its images were normalized with, where that is known. */
export interface WeightedModel {
  readonly model: LayersModel;
  readonly normalization: InputNormalization | undefined;
  /** Masks that came with the weights. */
  readonly masks: ReadonlyMap<string, Uint8Array>;
  /** What the file leaves open, and how it was taken. */
  readonly notice?: string | undefined;
}

/** What was read of a file of weights, to be loaded into a model. */
type Load = (model: LayersModel, epsilon: number | undefined) => Omit<Loaded, 'model'>;

/** With how images were resized, where PyTorch's names say so. */
interface Loaded extends WeightedModel {
  readonly resize?: 'bilinear' | 'bicubic';
}

/**
 * A built-in architecture with the weights of a file: safetensors with PyTorch's names, or a file of Keras. It gets as
 * many classes as the weights have.
 *
 * @param name - Name of the architecture.
 * @param path - The file; what it is, its first bytes say.
 * @param memoryLimit - Most bytes that reading may take.
 */
export async function withWeights(name: string, path: string, memoryLimit?: number): Promise<WeightedModel> {
  const keras = (await fileKind(path)) === 'keras';
  const load = await loaderOf(path, memoryLimit);
  // Of MobileNetV3 the names in the file say which epsilon it needs, and by that the variant.
  const told = !name.startsWith('mobileNetV3');
  const variants: readonly NamedModelOptions[] = variantsOf(name, keras);
  for (const [i, options] of variants.entries()) {
    try {
      const found = loaded(name, options, (model, epsilon) => load(model, told ? epsilon : undefined));
      return { ...found, notice: paddingNotice(name, options, found) };
    } catch (error) {
      const other = (error as { readonly code?: string }).code?.endsWith('ARCHITECTURE_MISMATCH');
      if (!other || i === variants.length - 1) throw error;
    }
  }
  throw new RangeError('there is at least one variant');
}

/** A model with the weights of a file in the place of its own. */
export async function fillModel(model: LayersModel, path: string, memoryLimit?: number): Promise<WeightedModel> {
  return filled(model, await loaderOf(path, memoryLimit));
}

async function loaderOf(path: string, memoryLimit: number | undefined): Promise<Load> {
  return (await fileKind(path)) === 'keras' ? kerasLoader(path, memoryLimit) : torchLoader(path, memoryLimit);
}

/** The model with the weights, or as much of it as they are for: weights of a body have nothing for the classifier. */
function filled(model: LayersModel, load: Load): Loaded {
  try {
    return { model, ...load(model, epsilonOf(model)) };
  } catch (error) {
    const isBody = error instanceof TensorsMismatchError && error.unknown.length === 0;
    const cut = isBody ? bodyOf(model, error.missing) : undefined;
    if (cut === undefined) throw error;
    const { body, disposeTail } = cut;
    const found = load(body, epsilonOf(body));
    disposeTail();
    return { model: body, ...found };
  }
}

/** Builds the architecture, a second time with the classes of the file if these are others. */
function loaded(name: string, options: NamedModelOptions, load: Load): Loaded {
  const model = modelByName(name, options);
  try {
    return filled(model, load);
  } catch (error) {
    model.dispose();
    const [head] = model.layers.slice(-1);
    const mismatch = error instanceof TensorShapeMismatchError && options.classes === undefined ? error : undefined;
    if (!mismatch?.weight.startsWith(`${head?.name}/`)) throw error;
    const classes = mismatch.framework === 'torch' ? mismatch.actual[0] : mismatch.actual.at(-1);
    if (classes === undefined || classes < 2) throw error;
    return loaded(name, { ...options, classes }, load);
  }
}

/**
 * timm has two networks with the same names and shapes, of which one is padded as TensorFlow pads; the names of
 * `efficientnet_lite_pytorch`, which has that one alone, bring bicubic resizing.
 */
function paddingNotice(name: string, { variant }: NamedModelOptions, { resize }: Loaded): string | undefined {
  const [, size] = /^mobileNetV3(Large|Small)$/.exec(name) ?? [];
  if (size !== undefined && variant === 'timm') {
    return notice(`mobilenetv3_${size.toLowerCase()}_100`, 'PyTorch', 'TensorFlow', `${name}({ variant: 'keras' })`);
  }
  if (!name.startsWith('efficientnetLite') || resize !== 'bilinear') return undefined;
  const taken = `tf_${name.replace('efficientnetLite', 'efficientnet_lite')}`;
  return notice(taken, 'TensorFlow', 'PyTorch', `${name}({ variant: 'torch' })`);
}

const notice = (taken: string, own: string, other: string, made: string): string =>
  `The weights are taken for those of timm's ${taken}, which pads as ${own} does. For a network that pads as ${other} does, ` +
  `name a module with --model: export default () => ${made}.`;

/** The ways in which an architecture is built by the framework of the weights; the first that fits is taken. */
function variantsOf(name: string, keras: boolean): readonly NamedModelOptions[] {
  if (name === 'resnet50' && keras) return [{ strideAt: '1x1' }];
  if (name === 'resnet50' || name === 'resnet18') return [{}, { poolPadding: 'end' }];
  if (name === 'mobileNetV1' || name === 'mobileNetV2') return [{ variant: keras ? 'keras' : 'torch' }];
  if (name === 'mobileNetV3Large' || name === 'mobileNetV3Small') return [{ variant: 'torch' }, { variant: 'timm' }];
  if (name.startsWith('efficientnetLite')) return [{ variant: 'keras' }];
  return [{}];
}

/** Epsilon of a model's normalization, if it is not PyTorch's. */
function epsilonOf(model: LayersModel): number | undefined {
  const norm = model.layers.find(layer => layer.getClassName() === 'BatchNormalization');
  return norm?.getConfig().epsilon as number | undefined;
}

async function kerasLoader(path: string, memoryLimit: number | undefined): Promise<Load> {
  const tensors = await readKerasWeights(path, memoryLimit === undefined ? {} : { memoryLimit });
  return model => {
    const { preprocessing } = loadKerasWeights(model, tensors);
    const normalization = preprocessing === 'tf' ? namedNormalization('minus-one-to-one') : undefined;
    return { normalization, masks: new Map() };
  };
}

async function torchLoader(path: string, memoryLimit: number | undefined): Promise<Load> {
  const { tensors } = readSafetensors(await readWhole(path, memoryLimit));
  return (model, epsilon) => {
    const options: TorchLoadOptions = epsilon === undefined ? {} : { epsilon };
    const { normalization, masks, resize } = belowPrefix([...tensors.keys()], prefix =>
      loadTorchWeights(model, tensors, { ...options, prefix }),
    );
    return { normalization: normalization && namedNormalization(normalization), masks, resize };
  };
}
