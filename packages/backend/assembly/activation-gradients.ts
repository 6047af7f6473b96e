/** dx = dy (y (1 - y)) of y = sigmoid(x), over `count` floats. */
export function sigmoidGradient(y: usize, dy: usize, dx: usize, count: i32): void {
  const one = f32x4.splat(1);
  const bytes: usize = usize(count) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(y + i);
    const slope = f32x4.mul(value, f32x4.sub(one, value));
    v128.store(dx + i, f32x4.mul(v128.load(dy + i), slope));
  }
  for (; i < bytes; i += 4) {
    const value = f32.load(y + i);
    f32.store(dx + i, f32.load(dy + i) * (value * (1 - value)));
  }
}

/** dx = dy s + (dy x) (s (1 - s)) of y = x s with s = sigmoid(x), over `count` floats. */
export function swishGradient(x: usize, s: usize, dy: usize, dx: usize, count: i32): void {
  const one = f32x4.splat(1);
  const bytes: usize = usize(count) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const value = v128.load(s + i), gradient = v128.load(dy + i);
    const slope = f32x4.mul(value, f32x4.sub(one, value));
    const through = f32x4.mul(f32x4.mul(gradient, v128.load(x + i)), slope);
    v128.store(dx + i, f32x4.add(f32x4.mul(gradient, value), through));
  }
  for (; i < bytes; i += 4) {
    const value = f32.load(s + i), gradient = f32.load(dy + i);
    f32.store(dx + i, gradient * value + gradient * f32.load(x + i) * (value * (1 - value)));
  }
}

/** dx = dy where x > 0, else dy times `slope`, over `count` floats. */
export function slopeGradient(x: usize, dy: usize, dx: usize, count: i32, slope: f32): void {
  const zero = f32x4.splat(0), slopes = f32x4.splat(slope);
  const bytes: usize = usize(count) << 2;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    const gradient = v128.load(dy + i);
    const positive = f32x4.gt(v128.load(x + i), zero);
    v128.store(dx + i, v128.bitselect(gradient, f32x4.mul(gradient, slopes), positive));
  }
  for (; i < bytes; i += 4) {
    const gradient = f32.load(dy + i);
    f32.store(dx + i, f32.load(x + i) > 0 ? gradient : gradient * slope);
  }
}
