// Sixteen dot products of float64 rows in WebAssembly memory: sums[4 r + s] = Σ a_r[k] b_s[k]. All places are in bytes.
// Two columns at a time, because sixteen sums of two lanes do not fit into sixteen registers.

export function tile(
  a0: usize, a1: usize, a2: usize, a3: usize, b0: usize, b1: usize, b2: usize, b3: usize, length: i32, sums: usize,
): void {
  pair(a0, a1, a2, a3, b0, b1, length, sums);
  pair(a0, a1, a2, a3, b2, b3, length, sums + 16);
}

function pair(
  a0: usize, a1: usize, a2: usize, a3: usize, b0: usize, b1: usize, length: i32, sums: usize,
): void {
  let s00 = f64x2.splat(0), s01 = f64x2.splat(0), s10 = f64x2.splat(0), s11 = f64x2.splat(0);
  let s20 = f64x2.splat(0), s21 = f64x2.splat(0), s30 = f64x2.splat(0), s31 = f64x2.splat(0);
  let at: usize = 0;
  const end: usize = (<usize>(length >> 1)) << 4;
  while (at < end) {
    const x0 = v128.load(a0 + at), x1 = v128.load(a1 + at), x2 = v128.load(a2 + at), x3 = v128.load(a3 + at);
    let y = v128.load(b0 + at);
    s00 = f64x2.add(s00, f64x2.mul(x0, y));
    s10 = f64x2.add(s10, f64x2.mul(x1, y));
    s20 = f64x2.add(s20, f64x2.mul(x2, y));
    s30 = f64x2.add(s30, f64x2.mul(x3, y));
    y = v128.load(b1 + at);
    s01 = f64x2.add(s01, f64x2.mul(x0, y));
    s11 = f64x2.add(s11, f64x2.mul(x1, y));
    s21 = f64x2.add(s21, f64x2.mul(x2, y));
    s31 = f64x2.add(s31, f64x2.mul(x3, y));
    at += 16;
  }
  if (length & 1) {
    const x0 = v128.load_zero<f64>(a0 + at), x1 = v128.load_zero<f64>(a1 + at);
    const x2 = v128.load_zero<f64>(a2 + at), x3 = v128.load_zero<f64>(a3 + at);
    let y = v128.load_zero<f64>(b0 + at);
    s00 = f64x2.add(s00, f64x2.mul(x0, y));
    s10 = f64x2.add(s10, f64x2.mul(x1, y));
    s20 = f64x2.add(s20, f64x2.mul(x2, y));
    s30 = f64x2.add(s30, f64x2.mul(x3, y));
    y = v128.load_zero<f64>(b1 + at);
    s01 = f64x2.add(s01, f64x2.mul(x0, y));
    s11 = f64x2.add(s11, f64x2.mul(x1, y));
    s21 = f64x2.add(s21, f64x2.mul(x2, y));
    s31 = f64x2.add(s31, f64x2.mul(x3, y));
  }
  store<f64>(sums, total(s00), 0);
  store<f64>(sums, total(s01), 8);
  store<f64>(sums, total(s10), 32);
  store<f64>(sums, total(s11), 40);
  store<f64>(sums, total(s20), 64);
  store<f64>(sums, total(s21), 72);
  store<f64>(sums, total(s30), 96);
  store<f64>(sums, total(s31), 104);
}

// @ts-ignore: a decorator of AssemblyScript
@inline
function total(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}
