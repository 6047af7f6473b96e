@unmanaged
class Bound {
  tensor: usize;
  tile: usize;
  channels: i32;
  lanes: i32;
  pixels: i32;
  most: f32;
  /** Two words: whether all floats are within the bound, and whether they are not. */
  result: usize;
}

/** Whether no float is NaN or further from 0 than the bound. */
export function within(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Bound>(record);
  const most = f32x4.splat(r.most);
  let all = f32x4.eq(most, most);
  let rest = true;
  let first = r.tensor;
  for (let left = r.pixels; left > 0; left -= r.lanes) {
    const count = min(left, r.lanes);
    let x = first;
    for (let c = 0; c < r.channels; c++) {
      let i = 0;
      for (; i + 4 <= count; i += 4) all = v128.and(all, f32x4.le(f32x4.abs(v128.load(x + (<usize>i << 2))), most));
      for (; i < count; i++) rest = rest && abs(f32.load(x + (<usize>i << 2))) <= r.most;
      x += <usize>r.lanes << 2;
    }
    first += r.tile;
  }
  const yes = rest && i32x4.all_true(all);
  store<i32>(r.result, yes);
  store<i32>(r.result, !yes, 4);
}
