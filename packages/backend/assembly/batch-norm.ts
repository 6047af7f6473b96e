// Batch normalization over the rows of a rows x channels matrix, in the bands of sums.ts.
import { addLanes, bandOf } from './sums';

/** y = (x - mean) * gamma / sqrt(variance + epsilon) + beta. `factors` is scratch for `channels` floats. */
export function normalize(
  x: usize, y: usize, rows: i32, channels: i32, mean: usize, variance: usize, gamma: usize, beta: usize,
  epsilon: f64, factors: usize,
): void {
  for (let c = 0; c < channels; c++) {
    const at = c << 2;
    f32.store(factors + at, f32(f64(f32.load(gamma + at)) / sqrt(f64(f32.load(variance + at)) + epsilon)));
  }
  const stride = channels << 2;
  const band = bandOf(channels);
  for (let row = 0; row < rows; row += band) {
    const end = min(band, rows - row);
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const channel: usize = c << 2;
      const mean0 = v128.load(mean + channel), mean1 = v128.load(mean + channel, 16);
      const factor0 = v128.load(factors + channel), factor1 = v128.load(factors + channel, 16);
      const beta0 = v128.load(beta + channel), beta1 = v128.load(beta + channel, 16);
      let from = x + row * stride + channel, to = y + row * stride + channel;
      for (let r = 0; r < end; r++) {
        v128.store(to, f32x4.add(f32x4.mul(f32x4.sub(v128.load(from), mean0), factor0), beta0));
        v128.store(to, f32x4.add(f32x4.mul(f32x4.sub(v128.load(from, 16), mean1), factor1), beta1), 16);
        from += stride;
        to += stride;
      }
    }
    for (; c < channels; c++) {
      const channel: usize = c << 2;
      let from = x + row * stride + channel, to = y + row * stride + channel;
      for (let r = 0; r < end; r++) {
        const d = f32.load(from) - f32.load(mean + channel);
        f32.store(to, d * f32.load(factors + channel) + f32.load(beta + channel));
        from += stride;
        to += stride;
      }
    }
  }
}

/**
 * Gradients of {@link normalize} after {@link moments} with respect to x, gamma and beta. `sums` is scratch for
 * 2 * channels doubles, `factors` for 3 * channels floats.
 *
 * With h = (x - mean) / sqrt(variance + epsilon) over n rows: dbeta = sum(dy), dgamma = sum(dy h) and
 * dx = gamma / sqrt(variance + epsilon) * (dy - dbeta / n - h dgamma / n).
 */
export function normalizeGradient(
  x: usize, dy: usize, dx: usize, rows: i32, channels: i32, mean: usize, variance: usize, gamma: usize,
  epsilon: f64, dgamma: usize, dbeta: usize, sums: usize, factors: usize,
): void {
  const products = sums + (channels << 3);
  const stride = channels << 2;
  memory.fill(sums, 0, channels << 4);
  const band = max(1, bandOf(channels) / 2);
  for (let row = 0; row < rows; row += band) {
    const end = min(band, rows - row);
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const channel: usize = c << 2;
      const mean0 = v128.load(mean + channel), mean1 = v128.load(mean + channel, 16);
      let sum0 = f32x4.splat(0), sum1 = sum0, product0 = sum0, product1 = sum0;
      let a = x + row * stride + channel, b = dy + row * stride + channel;
      for (let r = 0; r < end; r++) {
        const g0 = v128.load(b), g1 = v128.load(b, 16);
        sum0 = f32x4.add(sum0, g0);
        sum1 = f32x4.add(sum1, g1);
        product0 = f32x4.add(product0, f32x4.mul(g0, f32x4.sub(v128.load(a), mean0)));
        product1 = f32x4.add(product1, f32x4.mul(g1, f32x4.sub(v128.load(a, 16), mean1)));
        a += stride;
        b += stride;
      }
      addLanes(sums + (c << 3), sum0);
      addLanes(sums + (c << 3) + 32, sum1);
      addLanes(products + (c << 3), product0);
      addLanes(products + (c << 3) + 32, product1);
    }
    for (; c < channels; c++) {
      const channel: usize = c << 2;
      let sum: f32 = 0, product: f32 = 0;
      let a = x + row * stride + channel, b = dy + row * stride + channel;
      for (let r = 0; r < end; r++) {
        const g = f32.load(b);
        sum += g;
        product += g * (f32.load(a) - f32.load(mean + channel));
        a += stride;
        b += stride;
      }
      f64.store(sums + (c << 3), f64.load(sums + (c << 3)) + sum);
      f64.store(products + (c << 3), f64.load(products + (c << 3)) + product);
    }
  }
  // dx = dy * scale + (x - mean) * slope + shift
  const slopes = factors + stride, shifts = slopes + stride;
  for (let c = 0; c < channels; c++) {
    const at: usize = c << 2;
    const inverse = 1 / sqrt(f64(f32.load(variance + at)) + epsilon);
    const scale = f64(f32.load(gamma + at)) * inverse;
    const sum = f64.load(sums + (c << 3)), product = f64.load(products + (c << 3));
    f32.store(dbeta + at, f32(sum));
    f32.store(dgamma + at, f32(product * inverse));
    f32.store(factors + at, f32(scale));
    f32.store(slopes + at, f32(-scale * inverse * inverse * product / rows));
    f32.store(shifts + at, f32(-scale * sum / rows));
  }
  for (let row = 0; row < rows; row += band) {
    const end = min(band, rows - row);
    let c = 0;
    for (; c + 4 <= channels; c += 4) {
      const channel: usize = c << 2;
      const center = v128.load(mean + channel), scale = v128.load(factors + channel);
      const slope = v128.load(slopes + channel), shift = v128.load(shifts + channel);
      let at: usize = row * stride + channel;
      for (let r = 0; r < end; r++) {
        const fromX = f32x4.mul(f32x4.sub(v128.load(x + at), center), slope);
        v128.store(dx + at, f32x4.add(f32x4.mul(v128.load(dy + at), scale), f32x4.add(fromX, shift)));
        at += stride;
      }
    }
    for (; c < channels; c++) {
      const channel: usize = c << 2;
      let at: usize = row * stride + channel;
      for (let r = 0; r < end; r++) {
        const fromX = (f32.load(x + at) - f32.load(mean + channel)) * f32.load(slopes + channel);
        f32.store(dx + at, f32.load(dy + at) * f32.load(factors + channel) + fromX + f32.load(shifts + channel));
        at += stride;
      }
    }
  }
}
