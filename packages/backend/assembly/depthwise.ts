// Gradients of depthwise convolutions in general, where several output channels may belong to an input channel.
import { endInside, firstInside } from './inside';

/**
 * Adds one image's share to the gradient of a depthwise convolution's input. `multiplier` output channels belong to
 * each of `channels` input channels. `dx` must start as zeros.
 */
export function depthwiseInputGradient(
  dy: usize, filter: usize, dx: usize, height: i32, width: i32, channels: i32, multiplier: i32,
  outHeight: i32, outWidth: i32, rows: i32, columns: i32, strideY: i32, strideX: i32,
  dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  const outChannels = channels * multiplier;
  for (let row = 0; row < rows; row++) {
    const offsetY = row * dilationY - top;
    const endY = endInside(offsetY, strideY, height, outHeight);
    for (let y = firstInside(offsetY, strideY); y < endY; y++) {
      for (let column = 0; column < columns; column++) {
        const offsetX = column * dilationX - left;
        const endX = endInside(offsetX, strideX, width, outWidth);
        const tap = filter + ((row * columns + column) * outChannels << 2);
        for (let x = firstInside(offsetX, strideX); x < endX; x++) {
          const from = dy + ((y * outWidth + x) * outChannels << 2);
          const to = dx + (((y * strideY + offsetY) * width + x * strideX + offsetX) * channels << 2);
          let c = 0;
          if (multiplier == 1) {
            for (; c + 4 <= channels; c += 4) {
              const at: usize = c << 2;
              v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), v128.load(tap + at))));
            }
          }
          for (; c < channels; c++) {
            let sum = f32.load(to + (c << 2));
            for (let m = c * multiplier; m < (c + 1) * multiplier; m++) {
              sum += f32.load(from + (m << 2)) * f32.load(tap + (m << 2));
            }
            f32.store(to + (c << 2), sum);
          }
        }
      }
    }
  }
}

/** Adds one image's share to the gradient of a depthwise convolution's filter. `gradient` must start as zeros. */
export function depthwiseFilterGradient(
  image: usize, dy: usize, gradient: usize, height: i32, width: i32, channels: i32, multiplier: i32,
  outHeight: i32, outWidth: i32, rows: i32, columns: i32, strideY: i32, strideX: i32,
  dilationY: i32, dilationX: i32, top: i32, left: i32,
): void {
  const outChannels = channels * multiplier;
  for (let row = 0; row < rows; row++) {
    const offsetY = row * dilationY - top;
    const firstY = firstInside(offsetY, strideY), endY = endInside(offsetY, strideY, height, outHeight);
    for (let column = 0; column < columns; column++) {
      const offsetX = column * dilationX - left;
      const firstX = firstInside(offsetX, strideX), endX = endInside(offsetX, strideX, width, outWidth);
      const tap = gradient + ((row * columns + column) * outChannels << 2);
      let c = 0;
      if (multiplier == 1) {
        for (; c + 4 <= channels; c += 4) {
          let sum = f32x4.splat(0);
          for (let y = firstY; y < endY; y++) {
            let a = image + ((((y * strideY + offsetY) * width + firstX * strideX + offsetX) * channels + c) << 2);
            let b = dy + (((y * outWidth + firstX) * channels + c) << 2);
            for (let x = firstX; x < endX; x++) {
              sum = f32x4.add(sum, f32x4.mul(v128.load(a), v128.load(b)));
              a += (strideX * channels) << 2;
              b += channels << 2;
            }
          }
          v128.store(tap + (c << 2), f32x4.add(v128.load(tap + (c << 2)), sum));
        }
      }
      for (; c < channels; c++) {
        for (let m = c * multiplier; m < (c + 1) * multiplier; m++) {
          let sum: f32 = 0;
          for (let y = firstY; y < endY; y++) {
            for (let x = firstX; x < endX; x++) {
              const a = image + ((((y * strideY + offsetY) * width + x * strideX + offsetX) * channels + c) << 2);
              sum += f32.load(a) * f32.load(dy + (((y * outWidth + x) * outChannels + m) << 2));
            }
          }
          f32.store(tap + (m << 2), f32.load(tap + (m << 2)) + sum);
        }
      }
    }
  }
}
