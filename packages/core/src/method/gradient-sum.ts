/**
 * What a session can sum over steps for each entry of every prunable weight. `g` is the dense gradient of a step's loss
 * with respect to the effective weight, without weight decay, also at masked entries; `w` is the effective weight that
 * it was computed at, before the update, so 0 at masked entries.
 *
 * - `gradient`: `g`;
 * - `absoluteGradient`: `|g|`;
 * - `squaredGradient`: `g²`;
 * - `gradientTimesWeight`: `g · w`, with its sign.
 *
 * Sums are 32-bit floats that begin at 0; each step adds one term, in the order of the steps. A weight that gets no
 * gradient (frozen, or the loss does not depend on it) adds nothing.
 */
export type GradientSum = 'gradient' | 'absoluteGradient' | 'squaredGradient' | 'gradientTimesWeight';

/** All of them, in the order in which checkpoints hold them. */
export const gradientSums: readonly GradientSum[] = [
  'gradient',
  'absoluteGradient',
  'squaredGradient',
  'gradientTimesWeight',
];
