// e^x of four floats at once, and what is made of it. Nothing here is fused, so that all instruction sets give the same
// bits. NaN stays NaN everywhere: pmin(x, y) and pmax(x, y) give x where one of them is NaN.

@inline
function times(x: v128, factor: f32): v128 {
  return f32x4.mul(x, f32x4.splat(factor));
}

@inline
export function plus(x: v128, addend: f32): v128 {
  return f32x4.add(x, f32x4.splat(addend));
}

/**
 * e^x to some two units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, Taylor in r to the seventh power, times 2^n
 * in two steps, so that the least numbers come out as they are. Over 88.7 infinity, below -103.9 zero.
 */
export function exponentialOf(x: v128): v128 {
  const t = f32x4.pmax(f32x4.pmin(x, f32x4.splat(89)), f32x4.splat(-104));
  const n = f32x4.nearest(times(t, 1.44269504));
  // ln 2 in two parts, the first with so few digits that n times it is exact.
  const r = f32x4.add(f32x4.sub(t, times(n, 0.693359375)), times(n, 0.00021219444));
  let p = plus(times(r, 1.0 / 5040.0), 1.0 / 720.0);
  p = plus(f32x4.mul(p, r), 1.0 / 120.0);
  p = plus(f32x4.mul(p, r), 1.0 / 24.0);
  p = plus(f32x4.mul(p, r), 1.0 / 6.0);
  p = plus(f32x4.mul(p, r), 0.5);
  p = plus(f32x4.mul(p, r), 1);
  p = plus(f32x4.mul(p, r), 1);
  const k = i32x4.trunc_sat_f32x4_s(n), half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(p, powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
}

@inline
function powerOfTwo(k: v128): v128 {
  return i32x4.shl(i32x4.add(k, i32x4.splat(127)), 23);
}

/** e^x - 1 for x <= 0, near 0 too: there by Taylor to the eighth power. */
export function exponentialMinusOne(x: v128): v128 {
  let p = plus(times(x, 1.0 / 40320.0), 1.0 / 5040.0);
  p = plus(f32x4.mul(p, x), 1.0 / 720.0);
  p = plus(f32x4.mul(p, x), 1.0 / 120.0);
  p = plus(f32x4.mul(p, x), 1.0 / 24.0);
  p = plus(f32x4.mul(p, x), 1.0 / 6.0);
  p = plus(f32x4.mul(p, x), 0.5);
  p = f32x4.mul(plus(f32x4.mul(p, x), 1), x);
  return v128.bitselect(p, plus(exponentialOf(x), -1), f32x4.gt(x, f32x4.splat(-0.5)));
}

/** 1 / (1 + e^-x). */
export function sigmoidOf(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), plus(exponentialOf(f32x4.neg(x)), 1));
}

/** From e^(-2|x|) - 1, so that small ones keep their digits. */
export function tanhOf(x: v128): v128 {
  const e = exponentialMinusOne(times(f32x4.abs(x), -2));
  const magnitude = f32x4.div(f32x4.neg(e), plus(e, 2));
  const sign = v128.and(x, i32x4.splat(0x80000000));
  return v128.or(v128.andnot(magnitude, i32x4.splat(0x80000000)), sign);
}

/** ln(1 + e^x) = max(x, 0) + ln(1 + y), y = e^-|x|, by ln(1 + y) = 2 artanh(y / (2 + y)). */
export function softplusOf(x: v128): v128 {
  const y = exponentialOf(f32x4.neg(f32x4.abs(x)));
  const s = f32x4.div(y, plus(y, 2)), q = f32x4.mul(s, s);
  let p = plus(times(q, 1.0 / 15.0), 1.0 / 13.0);
  p = plus(f32x4.mul(p, q), 1.0 / 11.0);
  p = plus(f32x4.mul(p, q), 1.0 / 9.0);
  p = plus(f32x4.mul(p, q), 1.0 / 7.0);
  p = plus(f32x4.mul(p, q), 1.0 / 5.0);
  p = plus(f32x4.mul(p, q), 1.0 / 3.0);
  p = plus(f32x4.mul(p, q), 1);
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.mul(times(s, 2), p));
}

/** x tanh(ln(1 + e^x)) = x n / (n + 2), n = e^x (e^x + 2). From 20 on the factor is 1. */
export function mishOf(x: v128): v128 {
  const e = exponentialOf(f32x4.pmin(x, f32x4.splat(20))), n = f32x4.mul(e, plus(e, 2));
  return f32x4.mul(x, f32x4.div(n, plus(n, 2)));
}

/**
 * x times the normal distribution at x: erfc(z) / 2, z = |x| / sqrt 2, is t e^(P(t) - z^2) / 2 with t = 1 / (1 + z /
 * 2); P interpolates ln(erfc(z) e^(z^2) / t) at the eleven Chebyshev points of 0 to 1, to 2e-7.
 */
export function geluOf(x: v128): v128 {
  const z = times(f32x4.abs(x), 0.70710678);
  const t = f32x4.div(f32x4.splat(1), plus(times(z, 0.5), 1));
  let p = plus(times(t, 0.008192755), 0.129909);
  p = plus(f32x4.mul(p, t), -0.7351042);
  p = plus(f32x4.mul(p, t), 1.3861065);
  p = plus(f32x4.mul(p, t), -1.0623972);
  p = plus(f32x4.mul(p, t), 0.24683313);
  p = plus(f32x4.mul(p, t), -0.17770727);
  p = plus(f32x4.mul(p, t), 0.095464066);
  p = plus(f32x4.mul(p, t), 0.3741951);
  p = plus(f32x4.mul(p, t), 1.0000205);
  p = plus(f32x4.mul(p, t), -1.2655122);
  const tail = times(f32x4.mul(t, exponentialOf(f32x4.sub(p, f32x4.mul(z, z)))), 0.5);
  const share = v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
  return f32x4.mul(x, share);
}

/** x (1 + tanh u) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3), which is x / (1 + e^-2u). */
export function geluByTanh(x: v128): v128 {
  const cube = f32x4.mul(f32x4.mul(x, x), x);
  return f32x4.mul(x, sigmoidOf(times(f32x4.add(x, times(cube, 0.044715)), 1.5957691)));
}
