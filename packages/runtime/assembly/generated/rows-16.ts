// Generated from `rows` of generate.mjs; do not edit.
import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Output rows of one tile of 16 pixels: `y = activation(start + sum of weight * x)`, one row at a time in
 * 4 vectors.
 *
 * An entry is 12 bytes: byte offset of the row in the output tile, address where the row's nonzeros end, bias. A
 * nonzero is 8 bytes: byte offset of the row in `x`, weight. `residual` (0: none) is the tile that is added at the
 * start. Where this is not the first chunk of channels, the sum goes on from what `y` holds.
 */
export function rows16(
  entry: usize, last: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  while (entry < last) {
    const offset = load<u32>(entry);
    const end = load<usize>(entry, 4);
    const out = y + offset;
    let a0: v128, a1: v128, a2: v128, a3: v128;
    if (first) {
      const bias = v128.load32_splat(entry, 8);
      if (residual) {
        const from = residual + offset;
        a0 = f32x4.add(bias, v128.load(from));
        a1 = f32x4.add(bias, v128.load(from, 16));
        a2 = f32x4.add(bias, v128.load(from, 32));
        a3 = f32x4.add(bias, v128.load(from, 48));
      } else {
        a0 = bias;
        a1 = bias;
        a2 = bias;
        a3 = bias;
      }
    } else {
      a0 = v128.load(out);
      a1 = v128.load(out, 16);
      a2 = v128.load(out, 32);
      a3 = v128.load(out, 48);
    }
    entry += 12;
    if (nonzero < end) {
      do {
        const from = x + load<u32>(nonzero);
        const w = v128.load32_splat(nonzero, 4);
        nonzero += 8;
        a0 = fma(v128.load(from), w, a0);
        a1 = fma(v128.load(from, 16), w, a1);
        a2 = fma(v128.load(from, 32), w, a2);
        a3 = fma(v128.load(from, 48), w, a3);
      } while (nonzero < end);
    }
    if (activation != LINEAR) {
      a0 = atLeastZero(a0);
      a1 = atLeastZero(a1);
      a2 = atLeastZero(a2);
      a3 = atLeastZero(a3);
      if (activation == RELU6) {
        a0 = atMostSix(a0);
        a1 = atMostSix(a1);
        a2 = atMostSix(a2);
        a3 = atMostSix(a3);
      }
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
  }
}
