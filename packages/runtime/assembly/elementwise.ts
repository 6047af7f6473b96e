import { activateFloats, isCurve } from './activation';
import { activated, fma, RELU, RELU6 } from './fma';

@unmanaged
class Elementwise {
  a: usize;
  aTile: usize;
  /** 0: none. */
  b: usize;
  bTile: usize;
  output: usize;
  outputTile: usize;
  channels: i32;
  lanes: i32;
  activation: i32;
  /** One float per channel each; 0: none. */
  scale: usize;
  offset: usize;
}

@inline
function activatedScalar(x: f32, activation: i32): f32 {
  if (activation == RELU) return x < 0 ? 0 : x;
  if (activation == RELU6) return x < 0 ? 0 : x > 6 ? 6 : x;
  return x;
}

/** `count` floats of one tile: the sum of both, or `a` alone. */
function addTile(a: usize, b: usize, y: usize, count: i32, activation: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = <usize>i << 2;
    const x = v128.load(a + at);
    v128.store(y + at, activated(b ? f32x4.add(x, v128.load(b + at)) : x, activation));
  }
  for (; i < count; i++) {
    const at = <usize>i << 2;
    const x = f32.load(a + at);
    f32.store(y + at, activatedScalar(b ? x + f32.load(b + at) : x, activation));
  }
  if (isCurve(activation)) activateFloats(y, count, activation);
}

/** Sums and copies, tile by tile. */
export function add(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Elementwise>(record);
  for (let tile = <usize>begin; tile < <usize>end; tile++) {
    const b = r.b ? r.b + tile * r.bTile : 0;
    addTile(r.a + tile * r.aTile, b, r.output + tile * r.outputTile, r.channels * r.lanes, r.activation);
  }
}

/** `activation(a * scale + offset)` by channel, tile by tile. */
export function normalize(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Elementwise>(record);
  for (let tile = <usize>begin; tile < <usize>end; tile++) {
    let a = r.a + tile * r.aTile, y = r.output + tile * r.outputTile;
    for (let c = 0; c < r.channels; c++) {
      const channel = <usize>c << 2;
      if (r.lanes == 1) {
        const value = f32.load(a) * f32.load(r.scale + channel) + f32.load(r.offset + channel);
        f32.store(y, activatedScalar(value, r.activation));
        a += 4;
        y += 4;
        continue;
      }
      const scale = v128.load32_splat(r.scale + channel), offset = v128.load32_splat(r.offset + channel);
      for (let i = 0; i < r.lanes; i += 4) {
        v128.store(y, activated(fma(v128.load(a), scale, offset), r.activation));
        a += 16;
        y += 16;
      }
    }
  }
}
