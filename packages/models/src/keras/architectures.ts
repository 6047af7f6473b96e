import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A pattern of Keras's names of layers, and what its groups make of them. */
type Rule = readonly [pattern: RegExp, name: (...groups: string[]) => string];

/** One of Keras's applications that has a model here. */
export interface Application {
  readonly name: 'MobileNet' | 'MobileNetV2' | 'VGG16' | 'ResNet50';
  /** Our layer by Keras's name of it; layers of the same name need no rule. */
  readonly rules: readonly Rule[];
  /** Epsilon of its normalization, undefined without one. */
  readonly epsilon?: number;
  /** Mode of Keras's `preprocess_input`. */
  readonly preprocessing: 'tf' | 'caffe';
}

/** Place of the first convolution of each stage of VGG-16 in torchvision's list, after which they come in twos. */
const stages = [0, 5, 10, 17, 24] as const;

const mobileNet: Application = {
  name: 'MobileNet',
  rules: [[/^conv_preds$/, () => 'logits']],
  epsilon: 1e-3,
  preprocessing: 'tf',
};

/** Number of the first block of each stage of MobileNetV2, which Keras counts through. */
const firstBlocks = [0, 1, 3, 6, 10, 13, 16] as const;

/** Our name of a layer of one of MobileNetV2's blocks; the first one, 0, has nothing to expand. */
function inverted(number: number, part: string, isNormalization: boolean): string {
  const stage = firstBlocks.findLastIndex(first => first <= number);
  const name = `blocks_${stage}_${number - (firstBlocks[stage] as number)}`;
  const parts = number === 0 ? ['depthwise', 'project'] : ['expand', 'depthwise', 'project'];
  if (isNormalization) return `${name}_bn${parts.indexOf(part) + 1}`;
  const project = number === 0 ? 'pw' : 'pwl';
  return `${name}_conv_${{ expand: 'pw', depthwise: 'dw', project }[part]}`;
}

const mobileNetV2: Application = {
  name: 'MobileNetV2',
  rules: [
    [/^Conv1$/, () => 'conv_stem'],
    [/^bn_Conv1$/, () => 'bn1'],
    [/^Conv_1$/, () => 'conv_head'],
    [/^Conv_1_bn$/, () => 'bn2'],
    [/^expanded_conv_(depthwise|project)(_BN)?$/, (part = '', normalization) => inverted(0, part, !!normalization)],
    [
      /^block_(\d+)_(expand|depthwise|project)(_BN)?$/,
      (number, part = '', normalization) => inverted(Number(number), part, !!normalization),
    ],
    [/^predictions$/, () => 'classifier'],
  ],
  epsilon: 1e-3,
  preprocessing: 'tf',
};

const vgg16: Application = {
  name: 'VGG16',
  rules: [
    [
      /^block([1-5])_conv([1-3])$/,
      (stage, index) => `features_${(stages[Number(stage) - 1] as number) + 2 * (Number(index) - 1)}`,
    ],
    [/^fc([12])$/, index => `classifier_${3 * (Number(index) - 1)}`],
    [/^predictions$/, () => 'classifier_6'],
  ],
  preprocessing: 'caffe',
};

const block = (stage = '', index = ''): string => `layer${Number(stage) - 1}_${Number(index) - 1}`;

/**
 * Keras's epsilon, 1.001e-5, passes for our 1e-5: it changes no output by more than 0.005 % of the normalized value.
 */
const resNet50: Application = {
  name: 'ResNet50',
  rules: [
    [/^conv1_(conv|bn)$/, kind => `${kind}1`],
    [/^conv([2-5])_block(\d+)_0_conv$/, (stage, index) => `${block(stage, index)}_downsample_0`],
    [/^conv([2-5])_block(\d+)_0_bn$/, (stage, index) => `${block(stage, index)}_downsample_1`],
    [
      /^conv([2-5])_block(\d+)_([123])_(conv|bn)$/,
      (stage, index, place, kind) => `${block(stage, index)}_${kind}${place}`,
    ],
    [/^predictions$/, () => 'fc'],
  ],
  epsilon: 1.001e-5,
  preprocessing: 'caffe',
};

/**
 * The application whose weights these are, if the model is ours and the layers have names that only the application
 * has.
 */
export function applicationOf(model: LayersModel, layers: ReadonlySet<string>): Application | undefined {
  const has = (name: string): boolean => model.layers.some(layer => layer.name === name);
  if (has('conv_dw_1') && has('logits') && layers.has('conv_dw_1') && !layers.has('logits')) return mobileNet;
  if (has('blocks_6_0_conv_pwl') && has('conv_head') && layers.has('expanded_conv_project')) return mobileNetV2;
  if (has('features_0') && has('classifier_0') && layers.has('block1_conv1')) return vgg16;
  if (has('layer1_0_conv3') && layers.has('conv1_conv')) return resNet50;
  return undefined;
}

/** Our name of Keras's layer: the same, unless the application has a rule for it. */
export function layerName(layer: string, application: Application | undefined): string {
  for (const [pattern, name] of application?.rules ?? []) {
    const match = pattern.exec(layer);
    if (match) return name(...match.slice(1));
  }
  return layer;
}
