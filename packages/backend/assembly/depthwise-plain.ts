// Depthwise convolutions with as many output as input channels, sixteen channels at a time.
import { fma } from './fma';
import { endInside, firstInside } from './inside';

/**
 * Correlates one image with a filter of one tap per channel: for every place of the output, sums the products over the
 * taps that lie inside the image. Tap (row, column) of output (y, x) reads the pixel at
 * `origin + (y, x) * stride + (row, column) * step`. Strides of filter and output are in bytes; those of the filter may
 * be negative.
 */
export function depthwiseCorrelate(
  image: usize, height: i32, width: i32, channels: i32, originY: i32, originX: i32,
  strideY: i32, strideX: i32, stepY: i32, stepX: i32,
  filter: usize, filterRow: i32, filterColumn: i32, rows: i32, columns: i32,
  out: usize, outHeight: i32, outWidth: i32, outLine: i32, outPixel: i32,
): void {
  const pixel = channels << 2, stepLine = stepY * width * pixel, stepPixel = stepX * pixel;
  for (let y = 0; y < outHeight; y++) {
    const top = originY + y * strideY;
    const firstRow = firstInside(top, stepY), lines = endInside(top, stepY, height, rows) - firstRow;
    for (let x = 0; x < outWidth; x++) {
      const left = originX + x * strideX;
      const firstColumn = firstInside(left, stepX), taps = endInside(left, stepX, width, columns) - firstColumn;
      const a = image + ((top + firstRow * stepY) * width + left + firstColumn * stepX) * pixel;
      const b = filter + firstRow * filterRow + firstColumn * filterColumn;
      const to = out + y * outLine + x * outPixel;
      let c = 0;
      for (; c + 64 <= pixel; c += 64) {
        let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        let line = a + c, tapLine = b + c;
        for (let row = 0; row < lines; row++) {
          let from = line, tap = tapLine;
          for (let column = 0; column < taps; column++) {
            sum0 = fma(v128.load(from), v128.load(tap), sum0);
            sum1 = fma(v128.load(from, 16), v128.load(tap, 16), sum1);
            sum2 = fma(v128.load(from, 32), v128.load(tap, 32), sum2);
            sum3 = fma(v128.load(from, 48), v128.load(tap, 48), sum3);
            from += stepPixel;
            tap += filterColumn;
          }
          line += stepLine;
          tapLine += filterRow;
        }
        v128.store(to + c, sum0);
        v128.store(to + c, sum1, 16);
        v128.store(to + c, sum2, 32);
        v128.store(to + c, sum3, 48);
      }
      for (; c + 16 <= pixel; c += 16) {
        let sum = f32x4.splat(0);
        for (let row = 0; row < lines; row++) {
          let from = a + c + row * stepLine, tap = b + c + row * filterRow;
          for (let column = 0; column < taps; column++) {
            sum = fma(v128.load(from), v128.load(tap), sum);
            from += stepPixel;
            tap += filterColumn;
          }
        }
        v128.store(to + c, sum);
      }
      for (; c < pixel; c += 4) {
        let sum: f32 = 0;
        for (let row = 0; row < lines; row++) {
          let from = a + c + row * stepLine, tap = b + c + row * filterRow;
          for (let column = 0; column < taps; column++) {
            sum += f32.load(from) * f32.load(tap);
            from += stepPixel;
            tap += filterColumn;
          }
        }
        f32.store(to + c, sum);
      }
    }
  }
}

/** Bytes of both operands that one band of lines may take, so that it stays in a near cache while all taps visit it. */
const BAND_BYTES = 256 * 1024;

/**
 * Adds one image's share to the gradient of the filter of a depthwise convolution with as many output as input
 * channels. `gradient` must start as zeros.
 */
export function depthwiseFilterSums(
  image: usize, dy: usize, gradient: usize, height: i32, width: i32, channels: i32,
  outHeight: i32, outWidth: i32, rows: i32, columns: i32, strideY: i32, strideX: i32,
  dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  const pixel = channels << 2, stridePixel = strideX * pixel;
  const band = max(1, BAND_BYTES / ((strideY * width + outWidth) * pixel));
  for (let start = 0; start < outHeight; start += band) {
    const end = min(outHeight, start + band);
    for (let row = 0; row < rows; row++) {
      const offsetY = row * dilationY - top;
      const firstY = max(start, firstInside(offsetY, strideY));
      const lines = min(end, endInside(offsetY, strideY, height, outHeight)) - firstY;
      for (let column = 0; column < columns; column++) {
        const offsetX = column * dilationX - left;
        const firstX = firstInside(offsetX, strideX), count = endInside(offsetX, strideX, width, outWidth) - firstX;
        const tap = gradient + (row * columns + column) * pixel;
        const x = image + ((firstY * strideY + offsetY) * width + firstX * strideX + offsetX) * pixel;
        const g = dy + (firstY * outWidth + firstX) * pixel;
        const lineX = strideY * width * pixel, lineG = outWidth * pixel;
        let c = 0;
        for (; c + 64 <= pixel; c += 64) {
          let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
          for (let y = 0; y < lines; y++) {
            let a = x + y * lineX + c, b = g + y * lineG + c;
            for (let i = 0; i < count; i++) {
              sum0 = fma(v128.load(a), v128.load(b), sum0);
              sum1 = fma(v128.load(a, 16), v128.load(b, 16), sum1);
              sum2 = fma(v128.load(a, 32), v128.load(b, 32), sum2);
              sum3 = fma(v128.load(a, 48), v128.load(b, 48), sum3);
              a += stridePixel;
              b += pixel;
            }
          }
          const to = tap + c;
          v128.store(to, f32x4.add(v128.load(to), sum0));
          v128.store(to, f32x4.add(v128.load(to, 16), sum1), 16);
          v128.store(to, f32x4.add(v128.load(to, 32), sum2), 32);
          v128.store(to, f32x4.add(v128.load(to, 48), sum3), 48);
        }
        for (; c + 16 <= pixel; c += 16) {
          let sum = f32x4.splat(0);
          for (let y = 0; y < lines; y++) {
            let a = x + y * lineX + c, b = g + y * lineG + c;
            for (let i = 0; i < count; i++) {
              sum = fma(v128.load(a), v128.load(b), sum);
              a += stridePixel;
              b += pixel;
            }
          }
          v128.store(tap + c, f32x4.add(v128.load(tap + c), sum));
        }
        for (; c < pixel; c += 4) {
          let sum: f32 = 0;
          for (let y = 0; y < lines; y++) {
            let a = x + y * lineX + c, b = g + y * lineG + c;
            for (let i = 0; i < count; i++) {
              sum += f32.load(a) * f32.load(b);
              a += stridePixel;
              b += pixel;
            }
          }
          f32.store(tap + c, f32.load(tap + c) + sum);
        }
      }
    }
  }
}
