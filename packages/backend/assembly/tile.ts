// The multiply-add tile that the convolutions share: four output pixels by eight output channels.
//
// Eight accumulators, two panel loads and four splats are 14 live vectors. That is what fits the 15 vector registers
// of V8 before 12.4, whose scheduler lifts every load of a block above its arithmetic; a wider tile spills and halves
// the speed.

import { fma } from './fma';

/** Adds the bias, clamps, and writes `columns` (1 to 8) channels of one pixel. */
@inline
function storePixel(out: usize, low: v128, high: v128, clamp: bool, columns: i32, spare: usize): void {
  if (clamp) {
    low = f32x4.max(low, f32x4.splat(0));
    high = f32x4.max(high, f32x4.splat(0));
  }
  if (columns >= 8) {
    v128.store(out, low);
    v128.store(out, high, 16);
    return;
  }
  v128.store(spare, low);
  v128.store(spare, high, 16);
  for (let c = 0; c < columns; c++) f32.store(out + (c << 2), f32.load(spare + (c << 2)));
}

/** One 4 x 8 tile. Strides are in bytes; a panel row is 8 floats. */
export function tile4(
  a: usize, pixelStride: i32, rows: i32, rowStride: i32, segments: i32, segmentStride: i32, length: i32,
  panel: usize, bias: usize, clamp: bool, out: usize, outPixelStride: i32, columns: i32, spare: usize,
): void {
  let c00 = v128.load(bias), c01 = v128.load(bias, 16);
  let c10 = c00, c11 = c01, c20 = c00, c21 = c01, c30 = c00, c31 = c01;
  for (let row = 0; row < rows; row++) {
    let segmentStart = a;
    for (let segment = 0; segment < segments; segment++) {
      let a0 = segmentStart;
      let a1 = a0 + pixelStride, a2 = a1 + pixelStride, a3 = a2 + pixelStride;
      for (let k = 0; k < length; k++) {
        const b0 = v128.load(panel), b1 = v128.load(panel, 16);
        const x0 = v128.load32_splat(a0);
        c00 = fma(x0, b0, c00);
        c01 = fma(x0, b1, c01);
        const x1 = v128.load32_splat(a1);
        c10 = fma(x1, b0, c10);
        c11 = fma(x1, b1, c11);
        const x2 = v128.load32_splat(a2);
        c20 = fma(x2, b0, c20);
        c21 = fma(x2, b1, c21);
        const x3 = v128.load32_splat(a3);
        c30 = fma(x3, b0, c30);
        c31 = fma(x3, b1, c31);
        a0 += 4;
        a1 += 4;
        a2 += 4;
        a3 += 4;
        panel += 32;
      }
      segmentStart += segmentStride;
    }
    a += rowStride;
  }
  storePixel(out, c00, c01, clamp, columns, spare);
  storePixel(out + outPixelStride, c10, c11, clamp, columns, spare);
  storePixel(out + outPixelStride * 2, c20, c21, clamp, columns, spare);
  storePixel(out + outPixelStride * 3, c30, c31, clamp, columns, spare);
}

/** One pixel by eight channels, for rows of fewer than four pixels. */
export function tile1(
  a: usize, rows: i32, rowStride: i32, segments: i32, segmentStride: i32, length: i32,
  panel: usize, bias: usize, clamp: bool, out: usize, columns: i32, spare: usize,
): void {
  let c0 = v128.load(bias), c1 = v128.load(bias, 16);
  for (let row = 0; row < rows; row++) {
    let segmentStart = a;
    for (let segment = 0; segment < segments; segment++) {
      let a0 = segmentStart;
      for (let k = 0; k < length; k++) {
        const x = v128.load32_splat(a0);
        c0 = fma(x, v128.load(panel), c0);
        c1 = fma(x, v128.load(panel, 16), c1);
        a0 += 4;
        panel += 32;
      }
      segmentStart += segmentStride;
    }
    a += rowStride;
  }
  storePixel(out, c0, c1, clamp, columns, spare);
}
