// Generated from `quads` of generate.mjs; do not edit.
import { atLeastZero, atMostSix, fma, LINEAR, RELU6 } from '../fma';

/**
 * Four output rows that have the same places, 16 pixels of them: what is read of `x` serves all four.
 *
 * An entry is 36 bytes: address where the quad's nonzeros end, and for every row its byte offset in the output tile and
 * its bias. A nonzero is 20 bytes: byte offset of the row in `x`, four weights. The rest is as in rows-28.ts.
 */
export function quads4(
  entry: usize, nonzero: usize, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  const end = load<usize>(entry);
  const y0 = y + load<u32>(entry, 4);
  const y1 = y + load<u32>(entry, 12);
  const y2 = y + load<u32>(entry, 20);
  const y3 = y + load<u32>(entry, 28);
  let a00: v128, a01: v128, a02: v128, a03: v128, a10: v128, a11: v128, a12: v128, a13: v128, a20: v128, a21: v128, a22: v128, a23: v128, a30: v128, a31: v128, a32: v128, a33: v128;
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
      a02 = f32x4.add(b0, v128.load(r0, 32));
      a03 = f32x4.add(b0, v128.load(r0, 48));
      a10 = f32x4.add(b1, v128.load(r1));
      a11 = f32x4.add(b1, v128.load(r1, 16));
      a12 = f32x4.add(b1, v128.load(r1, 32));
      a13 = f32x4.add(b1, v128.load(r1, 48));
      a20 = f32x4.add(b2, v128.load(r2));
      a21 = f32x4.add(b2, v128.load(r2, 16));
      a22 = f32x4.add(b2, v128.load(r2, 32));
      a23 = f32x4.add(b2, v128.load(r2, 48));
      a30 = f32x4.add(b3, v128.load(r3));
      a31 = f32x4.add(b3, v128.load(r3, 16));
      a32 = f32x4.add(b3, v128.load(r3, 32));
      a33 = f32x4.add(b3, v128.load(r3, 48));
    } else {
      a00 = b0;
      a01 = b0;
      a02 = b0;
      a03 = b0;
      a10 = b1;
      a11 = b1;
      a12 = b1;
      a13 = b1;
      a20 = b2;
      a21 = b2;
      a22 = b2;
      a23 = b2;
      a30 = b3;
      a31 = b3;
      a32 = b3;
      a33 = b3;
    }
  } else {
    a00 = v128.load(y0);
    a01 = v128.load(y0, 16);
    a02 = v128.load(y0, 32);
    a03 = v128.load(y0, 48);
    a10 = v128.load(y1);
    a11 = v128.load(y1, 16);
    a12 = v128.load(y1, 32);
    a13 = v128.load(y1, 48);
    a20 = v128.load(y2);
    a21 = v128.load(y2, 16);
    a22 = v128.load(y2, 32);
    a23 = v128.load(y2, 48);
    a30 = v128.load(y3);
    a31 = v128.load(y3, 16);
    a32 = v128.load(y3, 32);
    a33 = v128.load(y3, 48);
  }
  if (nonzero < end) {
    do {
      const from = x + load<u32>(nonzero);
      const x0 = v128.load(from);
      const x1 = v128.load(from, 16);
      const x2 = v128.load(from, 32);
      const x3 = v128.load(from, 48);
      const w0 = v128.load32_splat(nonzero, 4);
      a00 = fma(x0, w0, a00);
      a01 = fma(x1, w0, a01);
      a02 = fma(x2, w0, a02);
      a03 = fma(x3, w0, a03);
      const w1 = v128.load32_splat(nonzero, 8);
      a10 = fma(x0, w1, a10);
      a11 = fma(x1, w1, a11);
      a12 = fma(x2, w1, a12);
      a13 = fma(x3, w1, a13);
      const w2 = v128.load32_splat(nonzero, 12);
      a20 = fma(x0, w2, a20);
      a21 = fma(x1, w2, a21);
      a22 = fma(x2, w2, a22);
      a23 = fma(x3, w2, a23);
      const w3 = v128.load32_splat(nonzero, 16);
      a30 = fma(x0, w3, a30);
      a31 = fma(x1, w3, a31);
      a32 = fma(x2, w3, a32);
      a33 = fma(x3, w3, a33);
      nonzero += 20;
    } while (nonzero < end);
  }
  if (activation != LINEAR) {
    a00 = atLeastZero(a00);
    a01 = atLeastZero(a01);
    a02 = atLeastZero(a02);
    a03 = atLeastZero(a03);
    a10 = atLeastZero(a10);
    a11 = atLeastZero(a11);
    a12 = atLeastZero(a12);
    a13 = atLeastZero(a13);
    a20 = atLeastZero(a20);
    a21 = atLeastZero(a21);
    a22 = atLeastZero(a22);
    a23 = atLeastZero(a23);
    a30 = atLeastZero(a30);
    a31 = atLeastZero(a31);
    a32 = atLeastZero(a32);
    a33 = atLeastZero(a33);
    if (activation == RELU6) {
      a00 = atMostSix(a00);
      a01 = atMostSix(a01);
      a02 = atMostSix(a02);
      a03 = atMostSix(a03);
      a10 = atMostSix(a10);
      a11 = atMostSix(a11);
      a12 = atMostSix(a12);
      a13 = atMostSix(a13);
      a20 = atMostSix(a20);
      a21 = atMostSix(a21);
      a22 = atMostSix(a22);
      a23 = atMostSix(a23);
      a30 = atMostSix(a30);
      a31 = atMostSix(a31);
      a32 = atMostSix(a32);
      a33 = atMostSix(a33);
    }
  }
  v128.store(y0, a00);
  v128.store(y0, a01, 16);
  v128.store(y0, a02, 32);
  v128.store(y0, a03, 48);
  v128.store(y1, a10);
  v128.store(y1, a11, 16);
  v128.store(y1, a12, 32);
  v128.store(y1, a13, 48);
  v128.store(y2, a20);
  v128.store(y2, a21, 16);
  v128.store(y2, a22, 32);
  v128.store(y2, a23, 48);
  v128.store(y3, a30);
  v128.store(y3, a31, 16);
  v128.store(y3, a32, 32);
  v128.store(y3, a33, 48);
}
