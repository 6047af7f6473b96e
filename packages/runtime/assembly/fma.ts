/** `a * b + c`, fused where the module is built with relaxed SIMD. */
@inline
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(c, f32x4.mul(a, b));
}

/** No clamp. */
export const LINEAR: i32 = 0;
/** Clamp below at 0; NaN stays NaN. */
export const RELU: i32 = 1;
/** Clamp to 0 ... 6; NaN stays NaN. */
export const RELU6: i32 = 2;

/** `pmax(x, 0)` is `x < 0 ? 0 : x`: one instruction everywhere, and NaN passes. */
@inline
export function atLeastZero(x: v128): v128 {
  return f32x4.pmax(x, f32x4.splat(0));
}

@inline
export function atMostSix(x: v128): v128 {
  return f32x4.pmin(x, f32x4.splat(6));
}

/** One vector after its activation. */
@inline
export function activated(x: v128, activation: i32): v128 {
  if (activation == RELU) return atLeastZero(x);
  if (activation == RELU6) return atMostSix(atLeastZero(x));
  return x;
}
