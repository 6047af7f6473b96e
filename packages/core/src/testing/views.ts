import { InvalidOptionError } from '../errors/option-errors.js';
import type { LayerView } from '../method/layer.js';
import type { StepView } from '../method/step.js';
import { checkOptions } from '../options/check-options.js';
import { rules } from '../options/rules.js';
import { randomStreams } from '../random/random-streams.js';

/** What {@link layer} is told beside name and weights. */
export interface LayerOptions {
  /**
   * One number per entry, 1 = active, 0 = masked.
   *
   * @defaultValue all active
   */
  readonly mask?: ArrayLike<number> | undefined;
  /**
   * Dimensions of the weight.
   *
   * @defaultValue a vector
   */
  readonly shape?: readonly number[] | undefined;
  /** Dense gradient, one number per entry, for methods that observe gradients. */
  readonly gradient?: ArrayLike<number> | undefined;
}

/** Seed of the random streams of {@link viewAt}. */
const SEED = 7;

const numbers = rules.that(
  'an array of numbers',
  (value: unknown) => Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value),
);

/**
 * One layer as a session shows it to a method, for golden tests of methods.
 *
 * @param name - Name of the layer.
 * @param weights - One number per entry, row-major; those under a 0 of the mask become 0.
 * @param options - Mask, shape and gradient.
 * @returns The layer, in new arrays.
 * @throws {@link InvalidOptionError} if an array has not one number per entry; {@link UnknownOptionError} for another
 *   option.
 *
 * @example
 * ```ts
 * import { layer } from '@espalier/core/testing';
 *
 * layer('head/kernel', [3, -1, 2, 5], { mask: [1, 1, 0, 1], shape: [2, 2] }).weights; // Float32Array [3, -1, 0, 5]
 * ```
 */
export function layer(name: string, weights: ArrayLike<number>, options: LayerOptions = {}): LayerView {
  rules.text('name', name as never);
  numbers('weights', weights as never);
  checkOptions<LayerOptions>(options, {
    mask: rules.optional(numbers),
    shape: rules.optional(numbers),
    gradient: rules.optional(numbers),
  });
  const size = weights.length;
  const mask = options.mask === undefined ? new Uint8Array(size).fill(1) : Uint8Array.from(options.mask);
  const { shape = [size], gradient } = options;
  requireSize('mask', mask, size);
  if (shape.reduce((product, side) => product * side, 1) !== size) {
    throw new InvalidOptionError('shape', shape, `one of ${size} entries, as many as there are weights`);
  }
  const active = Float32Array.from(weights, (weight, i) => (mask[i] ? weight : 0));
  const view: LayerView = { name, shape, size, weights: active, mask };
  if (gradient === undefined) return view;
  requireSize('gradient', gradient, size);
  return { ...view, gradient: Float32Array.from(gradient) };
}

function requireSize(option: string, given: ArrayLike<number>, size: number): void {
  if (given.length !== size) {
    throw new InvalidOptionError(option, given.length, `one number per entry (${size})`);
  }
}

/**
 * What a method is shown after a step, for golden tests of methods.
 *
 * @param place - Position of the step, in round 0; or position and round.
 * @param layers - The layers, e.g. of {@link layer}.
 * @returns The view. Its random streams are those of seed 7 and this position, the same in every process.
 *
 * @example
 * ```ts
 * import { oneShotMagnitude } from '@espalier/prune-magnitude';
 * import { layer, viewAt } from '@espalier/core/testing';
 *
 * const method = oneShotMagnitude({ sparsity: 0.5, position: 10 });
 * await method.decide(viewAt(10, layer('w', [3, -1, 2, 5])), null); // masks 'w': 1 0 0 1
 * ```
 */
export function viewAt(
  place: number | { readonly position: number; readonly round: number },
  ...layers: readonly LayerView[]
): StepView {
  const { position, round } = typeof place === 'number' ? { position: place, round: 0 } : place;
  rules.integer({ from: 0 })('position', position as never);
  rules.integer({ from: 0 })('round', round as never);
  return { clock: { step: position, position, round }, layers, random: randomStreams(SEED, position) };
}
