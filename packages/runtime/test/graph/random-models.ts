import fc from 'fast-check';

/** One layer of a {@link ModelRecipe}; numbers that do not fit the image are made to fit. */
export interface RecipeStep {
  readonly layer:
    | 'conv'
    | 'depthwise'
    | 'separable'
    | 'norm'
    | 'relu'
    | 'relu6'
    | 'add'
    | 'concat'
    | 'max'
    | 'average'
    | 'pad'
    | 'shortcut'
    | 'dropout';
  /** How many values back the first input is (0 = the last value); for two inputs the second is the last value. */
  readonly back: number;
  readonly filters: number;
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly same: boolean;
  readonly bias: boolean;
  readonly activation: 'linear' | 'relu' | 'relu6';
  readonly multiplier: number;
  /** Sides of zero padding: top, bottom, left, right. */
  readonly sides: readonly [number, number, number, number];
}

/** What decides a random model: build it with `buildModel`. */
export interface ModelRecipe {
  readonly image: readonly [number, number, number];
  readonly steps: readonly RecipeStep[];
  readonly tail: 'image' | 'flatten' | 'average' | 'max';
  /** Dense layers after the tail; the last has `softmax` or not. */
  readonly hidden: number;
  readonly softmax: boolean;
  readonly seed: number;
}

const upTo = (most: number): fc.Arbitrary<number> => fc.integer({ min: 1, max: most });

const step: fc.Arbitrary<RecipeStep> = fc.record({
  layer: fc.constantFrom<RecipeStep['layer']>(
    'conv',
    'depthwise',
    'separable',
    'norm',
    'relu',
    'relu6',
    'add',
    'concat',
    'max',
    'average',
    'pad',
    'shortcut',
    'dropout',
  ),
  back: fc.integer({ min: 0, max: 3 }),
  filters: upTo(6),
  window: fc.tuple(upTo(4), upTo(4)),
  strides: fc.tuple(upTo(3), upTo(3)),
  dilations: fc.tuple(upTo(2), upTo(2)),
  same: fc.boolean(),
  bias: fc.boolean(),
  activation: fc.constantFrom<RecipeStep['activation']>('linear', 'relu', 'relu6'),
  multiplier: upTo(2),
  sides: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)),
});

/** Small random models of every kind of layer, with weights that the seed decides. */
export const modelRecipe: fc.Arbitrary<ModelRecipe> = fc.record({
  image: fc.tuple(upTo(9), upTo(9), upTo(4)),
  steps: fc.array(step, { maxLength: 9 }),
  tail: fc.constantFrom<ModelRecipe['tail']>('image', 'flatten', 'average', 'max'),
  hidden: fc.nat(2),
  softmax: fc.boolean(),
  seed: fc.nat(2 ** 31 - 1),
});
