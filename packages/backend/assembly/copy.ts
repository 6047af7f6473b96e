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
