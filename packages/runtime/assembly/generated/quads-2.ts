// Generated from `quads` of generate.mjs; do not edit.
import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Four output rows that have the same places, 8 pixels of them: what is read of `x` serves all four.
 *
 * An entry is 36 bytes: address where the quad's nonzeros end, and for every row its byte offset in the output tile and
 * its bias. A nonzero is 20 bytes: byte offset of the row in `x`, four weights. The rest is as in rows-28.ts.
 */
export function quads2(
  entry: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  const end = load<usize>(entry);
  const y0 = y + load<u32>(entry, 4);
  const y1 = y + load<u32>(entry, 12);
  const y2 = y + load<u32>(entry, 20);
  const y3 = y + load<u32>(entry, 28);
  let a00: v128, a01: v128, a10: v128, a11: v128, a20: v128, a21: v128, a30: v128, a31: v128;
  if (first) {
    const b0 = v128.load32_splat(entry, 8);
    const b1 = v128.load32_splat(entry, 16);
    const b2 = v128.load32_splat(entry, 24);
    const b3 = v128.load32_splat(entry, 32);
    if (residual) {
      const r0 = residual + load<u32>(entry, 4);
      const r1 = residual + load<u32>(entry, 12);
      const r2 = residual + load<u32>(entry, 20);
      const r3 = residual + load<u32>(entry, 28);
      a00 = f32x4.add(b0, v128.load(r0));
      a01 = f32x4.add(b0, v128.load(r0, 16));
      a10 = f32x4.add(b1, v128.load(r1));
      a11 = f32x4.add(b1, v128.load(r1, 16));
      a20 = f32x4.add(b2, v128.load(r2));
      a21 = f32x4.add(b2, v128.load(r2, 16));
      a30 = f32x4.add(b3, v128.load(r3));
      a31 = f32x4.add(b3, v128.load(r3, 16));
    } else {
      a00 = b0;
      a01 = b0;
      a10 = b1;
      a11 = b1;
      a20 = b2;
      a21 = b2;
      a30 = b3;
      a31 = b3;
    }
  } else {
    a00 = v128.load(y0);
    a01 = v128.load(y0, 16);
    a10 = v128.load(y1);
    a11 = v128.load(y1, 16);
    a20 = v128.load(y2);
    a21 = v128.load(y2, 16);
    a30 = v128.load(y3);
    a31 = v128.load(y3, 16);
  }
  if (nonzero < end) {
    do {
      const from = x + load<u32>(nonzero);
      const x0 = v128.load(from);
      const x1 = v128.load(from, 16);
      const w0 = v128.load32_splat(nonzero, 4);
      a00 = fma(x0, w0, a00);
      a01 = fma(x1, w0, a01);
      const w1 = v128.load32_splat(nonzero, 8);
      a10 = fma(x0, w1, a10);
      a11 = fma(x1, w1, a11);
      const w2 = v128.load32_splat(nonzero, 12);
      a20 = fma(x0, w2, a20);
      a21 = fma(x1, w2, a21);
      const w3 = v128.load32_splat(nonzero, 16);
      a30 = fma(x0, w3, a30);
      a31 = fma(x1, w3, a31);
      nonzero += 20;
    } while (nonzero < end);
  }
  if (activation != LINEAR) {
    a00 = atLeastZero(a00);
    a01 = atLeastZero(a01);
    a10 = atLeastZero(a10);
    a11 = atLeastZero(a11);
    a20 = atLeastZero(a20);
    a21 = atLeastZero(a21);
    a30 = atLeastZero(a30);
    a31 = atLeastZero(a31);
    if (activation == RELU6) {
      a00 = atMostSix(a00);
      a01 = atMostSix(a01);
      a10 = atMostSix(a10);
      a11 = atMostSix(a11);
      a20 = atMostSix(a20);
      a21 = atMostSix(a21);
      a30 = atMostSix(a30);
      a31 = atMostSix(a31);
    }
  }
  v128.store(y0, a00);
  v128.store(y0, a01, 16);
  v128.store(y1, a10);
  v128.store(y1, a11, 16);
  v128.store(y2, a20);
  v128.store(y2, a21, 16);
  v128.store(y3, a30);
  v128.store(y3, a31, 16);
}
