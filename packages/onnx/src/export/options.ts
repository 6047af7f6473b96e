import {
  checkOptions,
  type InputNormalization,
  type OptionRules,
  requireClassNames,
  requireNormalization,
  rules,
} from '@espalier/core';

/** How {@link exportOnnx} writes a network. */
export interface ExportOnnxOptions {
  /**
   * Where inputs and outputs of images and sequences have their channels: `'last'` as in TensorFlow.js
   * (`[batch, height, width, channels]`), or `'first'` as in PyTorch (`[batch, channels, height, width]`). Inside the
   * file they come first in any case; `'last'` adds a `Transpose` at such inputs and outputs.
   *
   * @defaultValue `'last'`
   */
  readonly channels?: 'first' | 'last' | undefined;
  /**
   * Examples in a batch.
   *
   * @defaultValue any number, as the axis `batch`
   */
  readonly batchSize?: number | undefined;
  /**
   * Shapes of the inputs without the batch, channels last, by the input's name. Needed for axes of which the model
   * does not say the length, such as `[null, null, 3]`; others must be as the model says.
   */
  readonly inputShapes?: Readonly<Record<string, readonly number[]>> | undefined;
  /**
   * Names of the classes, in the order of the outputs, for the metadata.
   *
   * @defaultValue those that the model or the checkpoint carries, if it does
   */
  readonly classNames?: readonly string[] | undefined;
  /**
   * How images were normalized in training, for the metadata.
   *
   * @defaultValue what the model or the checkpoint carries, if it does
   */
  readonly normalization?: InputNormalization | undefined;
}

const shapes = rules.that(
  'an object of shapes by name of the input, such as { image: [224, 224, 3] }',
  value =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every(
      shape => Array.isArray(shape) && shape.every(side => Number.isSafeInteger(side) && side >= 1),
    ),
);

const exportRules: OptionRules<ExportOnnxOptions> = {
  channels: rules.optional(rules.oneOf('first', 'last')),
  batchSize: rules.optional(rules.integer({ from: 1 })),
  inputShapes: rules.optional(shapes),
  classNames: rules.optional(requireClassNames),
  normalization: rules.optional(requireNormalization),
};

/** Refuses what is not the options of an export. */
export function requireExportOptions(options: unknown): asserts options is ExportOnnxOptions {
  checkOptions<ExportOnnxOptions>(options, exportRules);
}
