/**
 * dx = dy where x is above `low` (or at it, where `closed` says so) and at most `high`. Elsewhere dx is dy times 0, so
 * that what is not finite becomes NaN; but it is 0 where `closed`, and above `high` where `cut`. Where x is NaN, dx is
 * NaN or, where `closed`, 0.
 */
export function passBetween(
  x: usize, dy: usize, dx: usize, count: i32, low: f32, high: f32, closed: bool, cut: bool,
): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high), zero = f32x4.splat(0);
  const atLow = i32x4.splat(closed ? -1 : 0), atHigh = i32x4.splat(cut ? -1 : 0);
  let i: usize = 0;
  const bytes: usize = usize(count) << 2;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(x + i), gradient = v128.load(dy + i);
    const above = f32x4.gt(value, highs);
    const over = v128.or(f32x4.gt(value, lows), v128.and(f32x4.eq(value, lows), atLow));
    const nothing = v128.or(atLow, v128.and(above, atHigh));
    const rest = v128.or(f32x4.mul(gradient, zero), f32x4.ne(value, value)); // all bits set are a NaN
    v128.store(dx + i, v128.bitselect(gradient, v128.andnot(rest, nothing), v128.andnot(over, above)));
  }
  for (; i < bytes; i += 4) {
    const value = f32.load(x + i), gradient = f32.load(dy + i);
    const above = value > high;
    if ((closed ? value >= low : value > low) && !above) f32.store(dx + i, gradient);
    else f32.store(dx + i, closed || (above && cut) ? 0 : value == value ? gradient * 0 : value);
  }
}

/** y = x from `low` to `high`; NaN stays NaN, and -0 stays -0 at a limit of 0. */
export function clamp(x: usize, y: usize, count: i32, low: f32, high: f32): void {
  const lows = f32x4.splat(low), highs = f32x4.splat(high);
  const bytes: usize = usize(count) << 2;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    v128.store(y + i, f32x4.pmin(f32x4.pmax(v128.load(x + i), lows), highs));
    v128.store(y + i, f32x4.pmin(f32x4.pmax(v128.load(x + i, 16), lows), highs), 16);
  }
  for (; i < bytes; i += 4) {
    const value = f32.load(x + i);
    f32.store(y + i, value < low ? low : value > high ? high : value);
  }
}

/**
 * y = the larger of a and b, or the smaller; NaN if one of them is. b starts again after `period` of `count` floats.
 */
export function extremum(a: usize, b: usize, y: usize, count: i32, period: i32, larger: bool): void {
  for (let start = 0; start < count; start += period) {
    const length = min(period, count - start);
    if (period == 1) {
      // One number for all of them.
      const other = f32.load(b);
      const others = f32x4.splat(other);
      let i = 0;
      for (; i + 4 <= count; i += 4) {
        const at: usize = usize(i) << 2;
        const value = v128.load(a + at);
        v128.store(y + at, larger ? f32x4.max(value, others) : f32x4.min(value, others));
      }
      for (; i < count; i++) {
        const at: usize = usize(i) << 2;
        f32.store(y + at, larger ? max<f32>(f32.load(a + at), other) : min<f32>(f32.load(a + at), other));
      }
      return;
    }
    const first: usize = usize(start) << 2;
    const bytes: usize = usize(length) << 2;
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const value = v128.load(a + first + i), other = v128.load(b + i);
      v128.store(y + first + i, larger ? f32x4.max(value, other) : f32x4.min(value, other));
    }
    for (; i < bytes; i += 4) {
      const value = f32.load(a + first + i), other = f32.load(b + i);
      f32.store(y + first + i, larger ? max<f32>(value, other) : min<f32>(value, other));
    }
  }
}

/** y = x, or x times its slope where x is below 0. Slopes start again after `period` of `count` floats. */
export function prelu(x: usize, slopes: usize, y: usize, count: i32, period: i32): void {
  const zero = f32x4.splat(0);
  for (let start = 0; start < count; start += period) {
    const first: usize = usize(start) << 2;
    const bytes: usize = usize(min(period, count - start)) << 2;
    let i: usize = 0;
    for (; i + 16 <= bytes; i += 16) {
      const value = v128.load(x + first + i);
      const scaled = f32x4.mul(value, v128.load(slopes + i));
      v128.store(y + first + i, v128.bitselect(scaled, value, f32x4.lt(value, zero)));
    }
    for (; i < bytes; i += 4) {
      const value = f32.load(x + first + i);
      f32.store(y + first + i, value < 0 ? value * f32.load(slopes + i) : value);
    }
  }
}

/** Whether -Infinity is among `count` floats. */
export function holdsLowest(x: usize, count: i32): bool {
  const lowest = f32x4.splat(-Infinity);
  const bytes: usize = usize(count) << 2;
  let found = f32x4.splat(0);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    found = v128.or(found, f32x4.eq(v128.load(x + i), lowest));
    found = v128.or(found, f32x4.eq(v128.load(x + i, 16), lowest));
  }
  for (; i < bytes; i += 4) if (f32.load(x + i) == -Infinity) return true;
  return v128.any_true(found);
}

/** y = x where it is positive, at most `high`, else 0; NaN stays NaN. */
export function rectify(x: usize, y: usize, count: i32, high: f32): void {
  const zero = f32x4.splat(0), highs = f32x4.splat(high);
  const bytes: usize = usize(count) << 2;
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    const first = v128.load(x + i), second = v128.load(x + i, 16);
    v128.store(y + i, f32x4.pmin(v128.andnot(first, f32x4.le(first, zero)), highs));
    v128.store(y + i, f32x4.pmin(v128.andnot(second, f32x4.le(second, zero)), highs), 16);
  }
  for (; i < bytes; i += 4) {
    const value = f32.load(x + i);
    f32.store(y + i, value <= 0 ? 0 : value > high ? high : value);
  }
}
