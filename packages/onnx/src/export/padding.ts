import { refuse } from './layer-call.js';

/** A window over some axes. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: unknown;
}

/**
 * Padding before and after each axis, in ONNX's order: all before, then all after.
 *
 * `same` gives `ceil(size / stride)` places; of an odd padding the larger half comes after.
 */
export function padsOf(space: readonly number[], { kernel, strides, dilations, padding }: Window): number[] {
  if (padding !== 'same' && padding !== 'valid') return refuse(`padding "${String(padding)}"`);
  const totals = space.map((size, axis) => {
    const [width = 1, stride = 1, dilation = 1] = [kernel[axis], strides[axis], dilations[axis]];
    const reach = (width - 1) * dilation + 1;
    return padding === 'valid' ? 0 : Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  });
  return [...totals.map(total => Math.floor(total / 2)), ...totals.map(total => Math.ceil(total / 2))];
}

/**
 * Padding of a transposed convolution, and how many places it adds at the end: the gradient of a convolution of the
 * same options.
 */
export function transposedPads(window: Window): { readonly pads: number[]; readonly outputPadding: number[] } {
  const { kernel, strides, padding } = window;
  if (padding !== 'same' && padding !== 'valid') return refuse(`padding "${String(padding)}"`);
  const spare = kernel.map((width, axis) => width - (strides[axis] ?? 1));
  const totals = spare.map(total => (padding === 'valid' ? 0 : Math.max(total, 0)));
  return {
    pads: [...totals.map(total => Math.floor(total / 2)), ...totals.map(total => Math.ceil(total / 2))],
    outputPadding: spare.map(total => Math.max(-total, 0)),
  };
}
