// Generated from `rows` of generate.mjs; do not edit.
import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Output rows of one tile of 56 pixels: `y = activation(start + sum of weight * x)`, one row at a time in
 * 14 vectors.
 *
 * An entry is 12 bytes: byte offset of the row in the output tile, address where the row's nonzeros end, bias. A
 * nonzero is 8 bytes: byte offset of the row in `x`, weight. `residual` (0: none) is the tile that is added at the
 * start. Where this is not the first chunk of channels, the sum goes on from what `y` holds.
 */
export function rows56(
  entry: usize, last: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  while (entry < last) {
    const offset = load<u32>(entry);
    const end = load<usize>(entry, 4);
    const out = y + offset;
    let a0: v128, a1: v128, a2: v128, a3: v128, a4: v128, a5: v128, a6: v128, a7: v128, a8: v128, a9: v128, a10: v128, a11: v128, a12: v128, a13: v128;
    if (first) {
      const bias = v128.load32_splat(entry, 8);
      if (residual) {
        const from = residual + offset;
        a0 = f32x4.add(bias, v128.load(from));
        a1 = f32x4.add(bias, v128.load(from, 16));
        a2 = f32x4.add(bias, v128.load(from, 32));
        a3 = f32x4.add(bias, v128.load(from, 48));
        a4 = f32x4.add(bias, v128.load(from, 64));
        a5 = f32x4.add(bias, v128.load(from, 80));
        a6 = f32x4.add(bias, v128.load(from, 96));
        a7 = f32x4.add(bias, v128.load(from, 112));
        a8 = f32x4.add(bias, v128.load(from, 128));
        a9 = f32x4.add(bias, v128.load(from, 144));
        a10 = f32x4.add(bias, v128.load(from, 160));
        a11 = f32x4.add(bias, v128.load(from, 176));
        a12 = f32x4.add(bias, v128.load(from, 192));
        a13 = f32x4.add(bias, v128.load(from, 208));
      } else {
        a0 = bias;
        a1 = bias;
        a2 = bias;
        a3 = bias;
        a4 = bias;
        a5 = bias;
        a6 = bias;
        a7 = bias;
        a8 = bias;
        a9 = bias;
        a10 = bias;
        a11 = bias;
        a12 = bias;
        a13 = bias;
      }
    } else {
      a0 = v128.load(out);
      a1 = v128.load(out, 16);
      a2 = v128.load(out, 32);
      a3 = v128.load(out, 48);
      a4 = v128.load(out, 64);
      a5 = v128.load(out, 80);
      a6 = v128.load(out, 96);
      a7 = v128.load(out, 112);
      a8 = v128.load(out, 128);
      a9 = v128.load(out, 144);
      a10 = v128.load(out, 160);
      a11 = v128.load(out, 176);
      a12 = v128.load(out, 192);
      a13 = v128.load(out, 208);
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
        a4 = fma(v128.load(from, 64), w, a4);
        a5 = fma(v128.load(from, 80), w, a5);
        a6 = fma(v128.load(from, 96), w, a6);
        a7 = fma(v128.load(from, 112), w, a7);
        a8 = fma(v128.load(from, 128), w, a8);
        a9 = fma(v128.load(from, 144), w, a9);
        a10 = fma(v128.load(from, 160), w, a10);
        a11 = fma(v128.load(from, 176), w, a11);
        a12 = fma(v128.load(from, 192), w, a12);
        a13 = fma(v128.load(from, 208), w, a13);
      } while (nonzero < end);
    }
    if (activation != LINEAR) {
      a0 = atLeastZero(a0);
      a1 = atLeastZero(a1);
      a2 = atLeastZero(a2);
      a3 = atLeastZero(a3);
      a4 = atLeastZero(a4);
      a5 = atLeastZero(a5);
      a6 = atLeastZero(a6);
      a7 = atLeastZero(a7);
      a8 = atLeastZero(a8);
      a9 = atLeastZero(a9);
      a10 = atLeastZero(a10);
      a11 = atLeastZero(a11);
      a12 = atLeastZero(a12);
      a13 = atLeastZero(a13);
      if (activation == RELU6) {
        a0 = atMostSix(a0);
        a1 = atMostSix(a1);
        a2 = atMostSix(a2);
        a3 = atMostSix(a3);
        a4 = atMostSix(a4);
        a5 = atMostSix(a5);
        a6 = atMostSix(a6);
        a7 = atMostSix(a7);
        a8 = atMostSix(a8);
        a9 = atMostSix(a9);
        a10 = atMostSix(a10);
        a11 = atMostSix(a11);
        a12 = atMostSix(a12);
        a13 = atMostSix(a13);
      }
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
    v128.store(out, a4, 64);
    v128.store(out, a5, 80);
    v128.store(out, a6, 96);
    v128.store(out, a7, 112);
    v128.store(out, a8, 128);
    v128.store(out, a9, 144);
    v128.store(out, a10, 160);
    v128.store(out, a11, 176);
    v128.store(out, a12, 192);
    v128.store(out, a13, 208);
  }
}
