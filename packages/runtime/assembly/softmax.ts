import { exponentialOf } from './exponential';

@unmanaged
class Softmax {
  input: usize;
  output: usize;
  length: i32;
}

/**
 * e^x for x <= 0 to a few units in the last place: x = n ln 2 + r, |r| <= ln 2 / 2, Taylor in r to the seventh power.
 */
function exponential(x: f32): f32 {
  // Under the least normal number; NaN goes on.
  if (x < -87) return 0;
  if (x != x) return x;
  const n = nearest(x * 1.44269504);
  // ln 2 in two parts, the first with so few digits that n times it is exact.
  const r = x - n * 0.693359375 + n * 0.00021219444;
  let p: f32 = 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f32>((<i32>n + 127) << 23);
}

/** One work item: the whole vector. */
export function softmax(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Softmax>(record);
  const bytes = <usize>r.length << 2;
  let most: f32 = -Infinity;
  for (let at: usize = 0; at < bytes; at += 4) most = max(most, f32.load(r.input + at));
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const e = exponential(f32.load(r.input + at) - most);
    sum += e;
    f32.store(r.output + at, e);
  }
  for (let at: usize = 0; at < bytes; at += 4) f32.store(r.output + at, <f32>(f32.load(r.output + at) / sum));
}

@unmanaged
class ChannelSoftmax {
  input: usize;
  inputTile: usize;
  output: usize;
  outputTile: usize;
  channels: i32;
  lanes: i32;
}

/** Over the channels of every pixel. A work item is a tile. */
export function softmaxOfChannels(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<ChannelSoftmax>(record);
  const channelBytes = <usize>r.lanes << 2;
  const bytes = <usize>r.channels * channelBytes;
  for (let tile = <usize>begin; tile < <usize>end; tile++) {
    for (let at: usize = 0; at < channelBytes; at += 16) {
      const x = r.input + tile * r.inputTile + at, y = r.output + tile * r.outputTile + at;
      let most = f32x4.splat(-Infinity), sum = f32x4.splat(0);
      for (let c: usize = 0; c < bytes; c += channelBytes) most = f32x4.max(most, v128.load(x + c));
      for (let c: usize = 0; c < bytes; c += channelBytes) {
        const e = exponentialOf(f32x4.sub(v128.load(x + c), most));
        sum = f32x4.add(sum, e);
        v128.store(y + c, e);
      }
      for (let c: usize = 0; c < bytes; c += channelBytes) v128.store(y + c, f32x4.div(v128.load(y + c), sum));
    }
  }
}
