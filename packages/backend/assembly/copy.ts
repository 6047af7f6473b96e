/** Copies count0 x count1 x count2 runs of `run` bytes, `stride` bytes apart along each axis, one after the other. */
export function copyBox(
  source: usize, target: usize, count0: i32, count1: i32, count2: i32,
  stride0: i32, stride1: i32, stride2: i32, run: i32,
): void {
  for (let i = 0; i < count0; i++) {
    for (let j = 0; j < count1; j++) {
      let from = source + i * stride0 + j * stride1;
      for (let k = 0; k < count2; k++) {
        memory.copy(target, from, run);
        target += run;
        from += stride2;
      }
    }
  }
}

/**
 * Writes `rows` times, one after the other, every one of `count` lines of `columns` floats, divided by `divisor`.
 */
export function spreadRows(source: usize, target: usize, count: i32, rows: i32, columns: i32, divisor: f32): void {
  const bytes: usize = usize(columns) << 2;
  for (let i = 0; i < count; i++) {
    const first = target;
    for (let at: usize = 0; at < bytes; at += 4) f32.store(first + at, f32.load(source + at) / divisor);
    target += bytes;
    for (let row = 1; row < rows; row++) {
      memory.copy(target, first, bytes);
      target += bytes;
    }
    source += bytes;
  }
}
