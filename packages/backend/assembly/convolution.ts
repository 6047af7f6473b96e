import { fma } from './fma';
import { tile1, tile4 } from './tile';

/**
 * Correlates one padded image with packed panels.
 *
 * `panels` holds, for every block of eight output channels, `rows * segments * length` rows of eight floats. `bias`
 * has a multiple of eight floats. `spare` is 32 bytes nobody else uses. All strides are in bytes.
 */
export function correlate(
  image: usize, pixelStride: i32, lineStride: i32,
  rows: i32, rowStride: i32, segments: i32, segmentStride: i32, length: i32,
  panels: usize, bias: usize, clamp: bool,
  out: usize, outPixelStride: i32, outLineStride: i32, outHeight: i32, outWidth: i32, outChannels: i32, spare: usize,
): void {
  const panelBytes = (rows * segments * length) << 5;
  for (let channel = 0; channel < outChannels; channel += 8) {
    const columns = outChannels - channel;
    let line = image;
    let outLine = out + (channel << 2);
    for (let y = 0; y < outHeight; y++) {
      if (outWidth < 4) {
        for (let x = 0; x < outWidth; x++) {
          tile1(line + x * pixelStride, rows, rowStride, segments, segmentStride, length,
            panels, bias, clamp, outLine + x * outPixelStride, columns, spare);
        }
      } else {
        for (let start = 0; start < outWidth; start += 4) {
          // The last tile of a line is moved back so that it ends with the line; it computes a few pixels twice.
          const x = min(start, outWidth - 4);
          tile4(line + x * pixelStride, pixelStride, rows, rowStride, segments, segmentStride, length,
            panels, bias, clamp, outLine + x * outPixelStride, outPixelStride, columns, spare);
        }
      }
      line += lineStride;
      outLine += outLineStride;
    }
    panels += panelBytes;
    bias += 32;
  }
}

/**
 * Packs a filter for {@link correlate}: `target[block][row][column][k][8]`, zero where a block runs over `channels`.
 * Strides of the source are in floats and may be negative.
 */
export function packPanels(
  source: usize, target: usize, rows: i32, columns: i32, depth: i32, channels: i32,
  rowStride: i32, columnStride: i32, depthStride: i32, channelStride: i32,
): void {
  for (let block = 0; block < channels; block += 8) {
    const width = min(8, channels - block);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        let from = source + ((row * rowStride + column * columnStride + block * channelStride) << 2);
        for (let k = 0; k < depth; k++) {
          if (width == 8 && channelStride == 1) {
            v128.store(target, v128.load(from));
            v128.store(target, v128.load(from, 16), 16);
          } else {
            for (let c = 0; c < 8; c++) {
              f32.store(target + (c << 2), c < width ? f32.load(from + ((c * channelStride) << 2)) : 0);
            }
          }
          target += 32;
          from += depthStride << 2;
        }
      }
    }
  }
}

/**
 * Copies an image of `height x width x channels` into a frame of `frameHeight x frameWidth x frameChannels`, its corner
 * at (top, left), which may be negative (the image is then cropped). Only the image's pixels are written: the rest of
 * the frame must hold zeros already.
 */
export function placeImage(
  source: usize, target: usize, height: i32, width: i32, channels: i32,
  top: i32, left: i32, frameHeight: i32, frameWidth: i32, frameChannels: i32,
): void {
  const firstLine = max(0, -top), lastLine = min(height, frameHeight - top);
  const firstPixel = max(0, -left), lastPixel = min(width, frameWidth - left);
  if (lastPixel <= firstPixel) return;
  for (let y = firstLine; y < lastLine; y++) {
    let from = source + ((y * width + firstPixel) * channels << 2);
    let to = target + (((y + top) * frameWidth + firstPixel + left) * frameChannels << 2);
    if (channels == frameChannels) {
      memory.copy(to, from, ((lastPixel - firstPixel) * channels) << 2);
      continue;
    }
    for (let x = firstPixel; x < lastPixel; x++) {
      memory.copy(to, from, channels << 2);
      from += channels << 2;
      to += frameChannels << 2;
    }
  }
}

/** Sets `bytes` bytes to zero. */
export function clear(target: usize, bytes: i32): void {
  memory.fill(target, 0, bytes);
}

/** Adds, for four input and eight output channels, the products over all positions to a tile of the sum. */
function outerProducts(
  x: usize, xPixel: i32, xLine: i32, xImage: i32, dy: usize, dyPixel: i32, dyLine: i32, dyImage: i32,
  images: i32, lines: i32, width: i32, sum: usize, sumStride: i32,
): void {
  let c00 = f32x4.splat(0), c01 = c00, c10 = c00, c11 = c00, c20 = c00, c21 = c00, c30 = c00, c31 = c00;
  for (let n = 0; n < images; n++) {
    let lineX = x, lineDy = dy;
    for (let y = 0; y < lines; y++) {
      let a = lineX, b = lineDy;
      for (let i = 0; i < width; i++) {
        const b0 = v128.load(b), b1 = v128.load(b, 16);
        const x0 = v128.load32_splat(a);
        c00 = fma(x0, b0, c00);
        c01 = fma(x0, b1, c01);
        const x1 = v128.load32_splat(a, 4);
        c10 = fma(x1, b0, c10);
        c11 = fma(x1, b1, c11);
        const x2 = v128.load32_splat(a, 8);
        c20 = fma(x2, b0, c20);
        c21 = fma(x2, b1, c21);
        const x3 = v128.load32_splat(a, 12);
        c30 = fma(x3, b0, c30);
        c31 = fma(x3, b1, c31);
        a += xPixel;
        b += dyPixel;
      }
      lineX += xLine;
      lineDy += dyLine;
    }
    x += xImage;
    dy += dyImage;
  }
  v128.store(sum, f32x4.add(v128.load(sum), c00));
  v128.store(sum, f32x4.add(v128.load(sum, 16), c01), 16);
  sum += sumStride;
  v128.store(sum, f32x4.add(v128.load(sum), c10));
  v128.store(sum, f32x4.add(v128.load(sum, 16), c11), 16);
  sum += sumStride;
  v128.store(sum, f32x4.add(v128.load(sum), c20));
  v128.store(sum, f32x4.add(v128.load(sum, 16), c21), 16);
  sum += sumStride;
  v128.store(sum, f32x4.add(v128.load(sum), c30));
  v128.store(sum, f32x4.add(v128.load(sum, 16), c31), 16);
}

/**
 * Adds the share of `images` images to the filter gradient `sum[row][column][inChannels][outChannels]`. `inChannels` is
 * a multiple of 4 and `outChannels` of 8; strides are in bytes. Works through the images in bands of `band` output
 * lines, so that a band of both operands stays in a near cache while all taps visit it.
 */
export function filterGradient(
  x: usize, xPixel: i32, xLine: i32, xImage: i32, tapRow: i32, tapColumn: i32, inChannels: i32,
  dy: usize, dyPixel: i32, dyLine: i32, dyImage: i32, images: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  rows: i32, columns: i32, sum: usize, band: i32,
): void {
  const sumStride = outChannels << 2;
  for (let y = 0; y < outHeight; y += band) {
    const lines = min(band, outHeight - y);
    let target = sum;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const tap = x + y * xLine + row * tapRow + column * tapColumn;
        for (let ci = 0; ci < inChannels; ci += 4) {
          for (let co = 0; co < outChannels; co += 8) {
            outerProducts(tap + (ci << 2), xPixel, xLine, xImage, dy + (co << 2), dyPixel, dyLine, dyImage,
              images, lines, outWidth, target + (co << 2), sumStride);
          }
          target += sumStride << 2;
        }
      }
    }
    dy += dyLine * lines;
  }
}

/** Copies `taps x inChannels x outChannels` out of a sum padded to `paddedIn x paddedOut` channels. */
export function unpadFilter(
  source: usize, target: usize, taps: i32, inChannels: i32, outChannels: i32, paddedIn: i32, paddedOut: i32,
): void {
  for (let tap = 0; tap < taps; tap++) {
    for (let ci = 0; ci < inChannels; ci++) {
      memory.copy(target, source + (((tap * paddedIn + ci) * paddedOut) << 2), outChannels << 2);
      target += outChannels << 2;
    }
  }
}
