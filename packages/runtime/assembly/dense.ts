import { activateFloats, isCurve } from './activation';
import { fma, RELU, RELU6 } from './fma';

/** Outputs of a work item; src/kernels/dense.ts counts with the same number. */
const BLOCK: i32 = 16;

@unmanaged
class Dense {
  /** Rows of 8 bytes: where the row's weights begin, bias. One more row ends the last. */
  rows: usize;
  outputs: i32;
  inputs: i32;
  x: usize;
  y: usize;
  activation: i32;
}

/** Applies an activation that the loops do not to the outputs `first` to `last`. */
@inline
function finishAll(r: Dense, first: i32, last: i32): void {
  if (isCurve(r.activation)) activateFloats(r.y + (<usize>first << 2), last - first, r.activation);
}

@inline
function finish(sum: f32, activation: i32): f32 {
  if (activation == RELU) return sum < 0 ? 0 : sum;
  if (activation == RELU6) return sum < 0 ? 0 : sum > 6 ? 6 : sum;
  return sum;
}

/** Weights are pairs of a byte offset in `x` and a value. Four sums hide the latency of the addition. */
export function sparseDense(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Dense>(record);
  const x = r.x;
  const last = min(end * BLOCK, r.outputs);
  for (let m = begin * BLOCK; m < last; m++) {
    const row = r.rows + (<usize>m << 3);
    let p = load<usize>(row);
    const stop = load<usize>(row, 8);
    let s0 = f32.load(row, 4), s1: f32 = 0, s2: f32 = 0, s3: f32 = 0;
    while (p + 32 <= stop) {
      s0 += f32.load(p, 4) * f32.load(x + load<u32>(p));
      s1 += f32.load(p, 12) * f32.load(x + load<u32>(p, 8));
      s2 += f32.load(p, 20) * f32.load(x + load<u32>(p, 16));
      s3 += f32.load(p, 28) * f32.load(x + load<u32>(p, 24));
      p += 32;
    }
    while (p < stop) {
      s0 += f32.load(p, 4) * f32.load(x + load<u32>(p));
      p += 8;
    }
    f32.store(r.y + (<usize>m << 2), finish(s0 + s1 + (s2 + s3), r.activation));
  }
  finishAll(r, begin * BLOCK, last);
}

/** Weights are whole rows of `inputs` floats. */
export function fullDense(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Dense>(record);
  const last = min(end * BLOCK, r.outputs);
  for (let m = begin * BLOCK; m < last; m++) {
    const row = r.rows + (<usize>m << 3);
    const p = load<usize>(row);
    const x = r.x;
    let a = f32x4.splat(0), b = a, c = a, d = a;
    let i = 0;
    for (; i + 16 <= r.inputs; i += 16) {
      const at = <usize>i << 2;
      a = fma(v128.load(p + at), v128.load(x + at), a);
      b = fma(v128.load(p + at, 16), v128.load(x + at, 16), b);
      c = fma(v128.load(p + at, 32), v128.load(x + at, 32), c);
      d = fma(v128.load(p + at, 48), v128.load(x + at, 48), d);
    }
    a = f32x4.add(f32x4.add(a, b), f32x4.add(c, d));
    let sum = f32.load(row, 4) + f32x4.extract_lane(a, 0) + f32x4.extract_lane(a, 1) +
      f32x4.extract_lane(a, 2) + f32x4.extract_lane(a, 3);
    for (; i < r.inputs; i++) sum += f32.load(p + (<usize>i << 2)) * f32.load(x + (<usize>i << 2));
    f32.store(r.y + (<usize>m << 2), finish(sum, r.activation));
  }
  finishAll(r, begin * BLOCK, last);
}
