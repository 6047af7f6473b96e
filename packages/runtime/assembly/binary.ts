import { activateFloats, isCurve } from './activation';
import { activated } from './fma';

/** One of two values, of the shape of the result or of less: then its steps are 0. */
@unmanaged
class Operand {
  address: usize;
  tile: usize;
  channel: usize;
  /** Whether all pixels read the same float. */
  single: i32;
}

// In the order of the words that src/kernels/binary.ts writes.
@unmanaged
class Binary {
  a: usize;
  b: usize;
  operation: i32;
  output: usize;
  outputTile: usize;
  channels: i32;
  lanes: i32;
  activation: i32;
}

@inline
function result(a: v128, b: v128, operation: i32): v128 {
  switch (operation) {
    case 0: return f32x4.mul(a, b);
    case 1: return f32x4.sub(a, b);
    case 2: return f32x4.max(a, b);
    case 3: return f32x4.min(a, b);
    case 4: return f32x4.add(a, b);
    // A rectifier with slopes of its own.
    default: return v128.bitselect(f32x4.mul(a, b), a, f32x4.lt(a, f32x4.splat(0)));
  }
}

@inline
function read(r: Operand, at: usize): v128 {
  return r.single ? v128.load32_splat(at) : v128.load(at);
}

/** A work item is a tile. */
export function binary(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Binary>(record);
  const first = changetype<Operand>(r.a), second = changetype<Operand>(r.b);
  const stepA: usize = first.single ? 0 : 16, stepB: usize = second.single ? 0 : 16;
  for (let tile = <usize>begin; tile < <usize>end; tile++) {
    const start = r.output + tile * r.outputTile;
    let y = start, rowA = first.address + tile * first.tile, rowB = second.address + tile * second.tile;
    for (let c = 0; c < r.channels; c++) {
      let a = rowA, b = rowB;
      for (let left = r.lanes; left >= 4; left -= 4) {
        v128.store(y, activated(result(read(first, a), read(second, b), r.operation), r.activation));
        y += 16;
        a += stepA;
        b += stepB;
      }
      if (r.lanes == 1) {
        const value = result(v128.load32_splat(a), v128.load32_splat(b), r.operation);
        f32.store(y, f32x4.extract_lane(activated(value, r.activation), 0));
        y += 4;
      }
      rowA += first.channel;
      rowB += second.channel;
    }
    if (isCurve(r.activation)) activateFloats(start, r.channels * r.lanes, r.activation);
  }
}
