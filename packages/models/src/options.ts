import { InvalidModelOptionError } from './errors.js';

/** Height, width and channels of one image; tensors are NHWC. */
export type InputShape = readonly [height: number, width: number, channels: number];

/** What every model builder takes. */
export interface ModelOptions {
  /** Height, width and channels of one image; each model names its default. */
  readonly inputShape?: InputShape;
  /**
   * Number of classes, at least 2: the length of the logits.
   *
   * @defaultValue 10, for models of ImageNet 1000
   */
  readonly classes?: number;
  /**
   * Root seed of the initial weights, an integer from 0 to 2^53 − 1. Each layer draws from a stream of its own, keyed by this
   * seed and the layer's name.
   *
   * @defaultValue 0
   */
  readonly seed?: number;
}

/** {@link ModelOptions} after defaults and checks. */
export interface ResolvedOptions {
  readonly inputShape: [number, number, number];
  readonly classes: number;
  readonly seed: number;
}

const isWhole = (value: number, least: number): boolean => Number.isSafeInteger(value) && value >= least;

/** Refuses a value that is not an integer of at least `least`. */
export function requireInteger(model: string, option: string, value: number, least: number): number {
  if (!isWhole(value, least))
    throw new InvalidModelOptionError(model, option, `an integer of at least ${least}`, value);
  return value;
}

/** Fills in defaults; every side of the input must be at least `leastSide`. */
export function resolveOptions(
  model: string,
  options: ModelOptions,
  defaultShape: InputShape,
  leastSide: number,
  defaultClasses = 10,
): ResolvedOptions {
  const shape = options.inputShape ?? defaultShape;
  const [height, width, channels] = shape;
  if (shape.length !== 3 || !isWhole(height, leastSide) || !isWhole(width, leastSide) || !isWhole(channels, 1)) {
    const requirement = `[height, width, channels] in whole numbers with sides of at least ${leastSide}`;
    throw new InvalidModelOptionError(model, 'inputShape', requirement, shape);
  }
  return {
    inputShape: [height, width, channels],
    classes: requireInteger(model, 'classes', options.classes ?? defaultClasses, 2),
    seed: requireInteger(model, 'seed', options.seed ?? 0, 0),
  };
}
