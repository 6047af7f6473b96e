import { type OptionRule, type OptionRules, rules } from '@espalier/core';

/** Height, width and channels of one image; tensors are NHWC. */
export type InputShape = readonly [height: number, width: number, channels: number];

/** What every model builder takes. */
export interface ModelOptions {
  /** Height, width and channels of one image; each model names its default. */
  readonly inputShape?: InputShape | undefined;
  /**
   * Number of classes, at least 2: the length of the logits.
   *
   * @defaultValue 10, for models of ImageNet 1000
   */
  readonly classes?: number | undefined;
  /**
   * Root seed of the initial weights, an integer from 0 to 2^53 − 1. Each layer draws from a stream of its own, keyed
   * by this seed and the layer's name.
   *
   * @defaultValue 0
   */
  readonly seed?: number | undefined;
}

/** {@link ModelOptions} after defaults. */
export interface ResolvedOptions {
  readonly inputShape: [number, number, number];
  readonly classes: number;
  readonly seed: number;
}

const isWhole = (value: unknown, least: number): boolean => Number.isSafeInteger(value) && (value as number) >= least;

function inputShapeOf(leastSide: number): OptionRule {
  const expected = `[height, width, channels] in whole numbers with sides of at least ${leastSide}`;
  return rules.that(expected, value => {
    if (!Array.isArray(value) || value.length !== 3) return false;
    const [height, width, channels] = value as unknown[];
    return isWhole(height, leastSide) && isWhole(width, leastSide) && isWhole(channels, 1);
  });
}

/** Rules of {@link ModelOptions}; every side of the input must be at least `leastSide`. */
export const modelRules = (leastSide: number): OptionRules<ModelOptions> => ({
  inputShape: rules.optional(inputShapeOf(leastSide)),
  classes: rules.optional(rules.integer({ from: 2 })),
  seed: rules.optional(rules.integer({ from: 0 })),
});

/** Fills in defaults of options that keep {@link modelRules}. */
export function resolveOptions(options: ModelOptions, defaultShape: InputShape, defaultClasses = 10): ResolvedOptions {
  const [height, width, channels] = options.inputShape ?? defaultShape;
  const { classes = defaultClasses, seed = 0 } = options;
  return { inputShape: [height, width, channels], classes, seed };
}
