/** Adds every row of `width` floats to the row of `target` that its id names. Ids outside [0, segments) are dropped. */
export function segmentSum(source: usize, ids: usize, target: usize, count: i32, width: i32, segments: i32): void {
  for (let i = 0; i < count; i++) {
    const id = i32.load(ids + (i << 2));
    if (u32(id) < u32(segments)) {
      const to = target + ((id * width) << 2);
      let c = 0;
      for (; c + 4 <= width; c += 4) {
        const at: usize = c << 2;
        v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(source + at)));
      }
      for (; c < width; c++) f32.store(to + (c << 2), f32.load(to + (c << 2)) + f32.load(source + (c << 2)));
    }
    source += width << 2;
  }
}

/** {@link segmentSum} for int32. */
export function segmentSumInt(source: usize, ids: usize, target: usize, count: i32, width: i32, segments: i32): void {
  for (let i = 0; i < count; i++) {
    const id = i32.load(ids + (i << 2));
    if (u32(id) < u32(segments)) {
      const to = target + ((id * width) << 2);
      for (let c = 0; c < width; c++) i32.store(to + (c << 2), i32.load(to + (c << 2)) + i32.load(source + (c << 2)));
    }
    source += width << 2;
  }
}
