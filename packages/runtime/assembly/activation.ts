import {
  exponentialMinusOne, exponentialOf, geluByTanh, geluOf, mishOf, plus, sigmoidOf, softplusOf, tanhOf,
} from './exponential';

/** Words up to this one are activations that the loops of products apply; all others are addresses of a `Curve`. */
const LAST_PLAIN: i32 = 2;

/** An activation that is applied to what was stored, as src/kernels/activation-codes.ts writes it. */
@unmanaged
class Curve {
  code: i32;
  a: f32;
  b: f32;
  c: f32;
}

/** Whether an activation is applied after the results were stored. */
@inline
export function isCurve(activation: i32): bool {
  return <u32>activation > <u32>LAST_PLAIN;
}

/** `x > threshold ? min(x, most) : slope (x - threshold)`; without a slope 0, where an infinity would make NaN. */
function rectified(x: v128, slope: f32, threshold: f32, most: f32): v128 {
  const above = f32x4.pmin(x, f32x4.splat(most));
  const below = slope == 0
    ? v128.andnot(x, f32x4.eq(x, x))
    : f32x4.mul(f32x4.sub(x, f32x4.splat(threshold)), f32x4.splat(slope));
  return v128.bitselect(above, below, f32x4.gt(x, f32x4.splat(threshold)));
}

/** `min(max(x, 0), most)`; NaN stays. */
@inline
function clamped(x: v128, most: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(most));
}

function curved(x: v128, r: Curve): v128 {
  switch (r.code) {
    case 3: return rectified(x, r.a, r.b, r.c);
    case 4: return sigmoidOf(x);
    case 5: return tanhOf(x);
    case 6: {
      // `b (x > 0 ? x : a (e^x - 1))`: ELU, and SELU with its two factors.
      const low = f32x4.mul(exponentialMinusOne(f32x4.pmin(x, f32x4.splat(0))), f32x4.splat(r.a));
      return f32x4.mul(v128.bitselect(x, low, f32x4.gt(x, f32x4.splat(0))), f32x4.splat(r.b));
    }
    case 7: return softplusOf(x);
    case 8: return f32x4.div(x, plus(f32x4.abs(x), 1));
    case 9: return f32x4.mul(x, sigmoidOf(x));
    case 10: return f32x4.mul(x, f32x4.mul(clamped(plus(x, 3), 6), f32x4.splat(1.0 / 6.0)));
    case 11: return clamped(plus(f32x4.mul(x, f32x4.splat(r.a)), r.b), 1);
    case 12: return geluOf(x);
    case 13: return geluByTanh(x);
    case 14: return mishOf(x);
    default: return exponentialOf(x);
  }
}

/** Applies an activation to `count` floats in place. */
export function activateFloats(y: usize, count: i32, activation: i32): void {
  const r = changetype<Curve>(<usize>activation);
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    v128.store(y, curved(v128.load(y), r));
    y += 16;
  }
  for (; i < count; i++) {
    f32.store(y, f32x4.extract_lane(curved(v128.load32_splat(y), r), 0));
    y += 4;
  }
}
