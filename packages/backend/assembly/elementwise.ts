/** dx = dy where x > 0, else 0, over `count` floats. A NaN of dy at x <= 0 does not come through. */
export function reluGradient(x: usize, dy: usize, dx: usize, count: i32): void {
  const zero = f32x4.splat(0);
  let i: usize = 0;
  const bytes: usize = usize(count) << 2;
  for (; i + 32 <= bytes; i += 32) {
    v128.store(dx + i, v128.and(v128.load(dy + i), f32x4.gt(v128.load(x + i), zero)));
    v128.store(dx + i, v128.and(v128.load(dy + i, 16), f32x4.gt(v128.load(x + i, 16), zero)), 16);
  }
  for (; i < bytes; i += 4) f32.store(dx + i, f32.load(x + i) > 0 ? f32.load(dy + i) : 0);
}
