/** Channels of a work item; src/kernels/global-pool.ts counts with the same number. */
const BLOCK: i32 = 16;

@unmanaged
class GlobalPool {
  lanes: i32;
  channels: i32;
  input: usize;
  inputTile: usize;
  pixels: i32;
  output: usize;
  /** Factor of the sum; 0: maximum. */
  factor: f32;
}

function sumOf(r: GlobalPool, x: usize): f32 {
  let sum = f32x4.splat(0);
  let left = r.pixels;
  while (left >= 4) {
    const full = min(left, r.lanes) & ~3;
    for (let i = 0; i < full; i += 4) sum = f32x4.add(sum, v128.load(x + (<usize>i << 2)));
    if (full < r.lanes) {
      x += <usize>full << 2;
      left -= full;
      break;
    }
    x += r.inputTile;
    left -= full;
  }
  let total =
    f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3);
  for (let i = 0; i < left; i++) total += f32.load(x + (<usize>i << 2));
  return total;
}

/** As TensorFlow.js: NaN if there is one. */
function maximumOf(r: GlobalPool, x: usize): f32 {
  let most: f32 = -Infinity;
  for (let left = r.pixels; left > 0; left -= r.lanes) {
    const count = min(left, r.lanes);
    for (let i = 0; i < count; i++) most = max(most, f32.load(x + (<usize>i << 2)));
    x += r.inputTile;
  }
  return most;
}

/** A work item is a block of channels. */
export function globalPool(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<GlobalPool>(record);
  const last = min(end * BLOCK, r.channels);
  for (let c = begin * BLOCK; c < last; c++) {
    const x = r.input + (<usize>(c * r.lanes) << 2);
    f32.store(r.output + (<usize>c << 2), r.factor != 0 ? sumOf(r, x) * r.factor : maximumOf(r, x));
  }
}
