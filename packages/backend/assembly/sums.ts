// Sums over the rows of a rows x channels matrix. Each pass walks in bands of rows that stay in the first-level cache,
// eight channels at a time; a band's single-precision sums are added up in double precision.

const BAND_BYTES = 16 * 1024;

/** Rows of a band. */
@inline
export function bandOf(channels: i32): i32 {
  return max(1, min(512, BAND_BYTES / (channels << 2)));
}

/** Adds the four lanes to four doubles. */
@inline
export function addLanes(target: usize, sum: v128): void {
  v128.store(target, f64x2.add(v128.load(target), f64x2.promote_low_f32x4(sum)));
  const high = v128.shuffle<f64>(sum, sum, 1, 0);
  v128.store(target, f64x2.add(v128.load(target, 16), f64x2.promote_low_f32x4(high)), 16);
}

/**
 * Per-channel mean and biased variance. `sums` is scratch for 2 * channels doubles. Deviations are taken from the first
 * row, so a large common offset does not cancel the variance.
 */
export function moments(x: usize, rows: i32, channels: i32, mean: usize, variance: usize, sums: usize): void {
  const squares = sums + (channels << 3);
  const stride = channels << 2;
  memory.fill(sums, 0, channels << 4);
  const band = bandOf(channels);
  for (let row = 0; row < rows; row += band) {
    const end = min(band, rows - row);
    const start = x + row * stride;
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      const offset0 = v128.load(x + (c << 2)), offset1 = v128.load(x + (c << 2), 16);
      let sum0 = f32x4.splat(0), sum1 = sum0, square0 = sum0, square1 = sum0;
      let at = start + (c << 2);
      for (let r = 0; r < end; r++) {
        const d0 = f32x4.sub(v128.load(at), offset0);
        const d1 = f32x4.sub(v128.load(at, 16), offset1);
        sum0 = f32x4.add(sum0, d0);
        sum1 = f32x4.add(sum1, d1);
        square0 = f32x4.add(square0, f32x4.mul(d0, d0));
        square1 = f32x4.add(square1, f32x4.mul(d1, d1));
        at += stride;
      }
      addLanes(sums + (c << 3), sum0);
      addLanes(sums + (c << 3) + 32, sum1);
      addLanes(squares + (c << 3), square0);
      addLanes(squares + (c << 3) + 32, square1);
    }
    for (; c < channels; c++) {
      const offset = f32.load(x + (c << 2));
      let sum: f32 = 0, square: f32 = 0;
      let at = start + (c << 2);
      for (let r = 0; r < end; r++) {
        const d = f32.load(at) - offset;
        sum += d;
        square += d * d;
        at += stride;
      }
      f64.store(sums + (c << 3), f64.load(sums + (c << 3)) + sum);
      f64.store(squares + (c << 3), f64.load(squares + (c << 3)) + square);
    }
  }
  for (let c = 0; c < channels; c++) {
    const d = f64.load(sums + (c << 3)) / rows;
    f32.store(mean + (c << 2), f32(f64(f32.load(x + (c << 2))) + d));
    f32.store(variance + (c << 2), f32(max(0, f64.load(squares + (c << 3)) / rows - d * d)));
  }
}

/** Sum of every column of a rows x columns matrix. `sums` is scratch for `columns` doubles. */
export function columnSums(x: usize, rows: i32, columns: i32, target: usize, sums: usize): void {
  const stride = columns << 2;
  memory.fill(sums, 0, columns << 3);
  const band = bandOf(columns);
  for (let row = 0; row < rows; row += band) {
    const end = min(band, rows - row);
    const start = x + row * stride;
    let c = 0;
    for (; c + 8 <= columns; c += 8) {
      let sum0 = f32x4.splat(0), sum1 = sum0;
      let at = start + (c << 2);
      for (let r = 0; r < end; r++) {
        sum0 = f32x4.add(sum0, v128.load(at));
        sum1 = f32x4.add(sum1, v128.load(at, 16));
        at += stride;
      }
      addLanes(sums + (c << 3), sum0);
      addLanes(sums + (c << 3) + 32, sum1);
    }
    for (; c < columns; c++) {
      let sum: f32 = 0;
      let at = start + (c << 2);
      for (let r = 0; r < end; r++) {
        sum += f32.load(at);
        at += stride;
      }
      f64.store(sums + (c << 3), f64.load(sums + (c << 3)) + sum);
    }
  }
  for (let c = 0; c < columns; c++) f32.store(target + (c << 2), f32(f64.load(sums + (c << 3))));
}
