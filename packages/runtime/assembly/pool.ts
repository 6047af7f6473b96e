import { packRuns } from './pack';
import { Group } from './group';

@unmanaged
class Pool {
  lanes: i32;
  /** Work items are groups times chunks of channels. */
  chunks: i32;
  chunk: i32;
  channels: i32;
  groupTable: usize;
  input: usize;
  inputTile: usize;
  /** Bytes of scratch per channel; 0 where the input is read in place. */
  packed: usize;
  step: usize;
  output: usize;
  outputTile: usize;
  taps: usize;
  lastTap: usize;
  /** One factor per pixel, `[tile][lane]`, for averages; 0: maximum. */
  factors: usize;
}

// Four vectors at a time, or the three or two that are left of a tile of 28 or 56: each tap's offset serves them all.

function sum2(first: usize, last: usize, x: usize, y: usize, factors: usize): void {
  let a0 = f32x4.splat(0), a1 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.add(a0, v128.load(from));
    a1 = f32x4.add(a1, v128.load(from, 16));
  }
  v128.store(y, f32x4.mul(a0, v128.load(factors)));
  v128.store(y, f32x4.mul(a1, v128.load(factors, 16)), 16);
}

function maximum2(first: usize, last: usize, x: usize, y: usize): void {
  let a0 = f32x4.splat(-Infinity), a1 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.pmax(a0, v128.load(from));
    a1 = f32x4.pmax(a1, v128.load(from, 16));
  }
  v128.store(y, a0);
  v128.store(y, a1, 16);
}

function sum3(first: usize, last: usize, x: usize, y: usize, factors: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.add(a0, v128.load(from));
    a1 = f32x4.add(a1, v128.load(from, 16));
    a2 = f32x4.add(a2, v128.load(from, 32));
  }
  v128.store(y, f32x4.mul(a0, v128.load(factors)));
  v128.store(y, f32x4.mul(a1, v128.load(factors, 16)), 16);
  v128.store(y, f32x4.mul(a2, v128.load(factors, 32)), 32);
}

/** `pmax(a, x)` is `a < x ? x : a`: NaN in `x` is passed over. */
function maximum3(first: usize, last: usize, x: usize, y: usize): void {
  let a0 = f32x4.splat(-Infinity), a1 = a0, a2 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.pmax(a0, v128.load(from));
    a1 = f32x4.pmax(a1, v128.load(from, 16));
    a2 = f32x4.pmax(a2, v128.load(from, 32));
  }
  v128.store(y, a0);
  v128.store(y, a1, 16);
  v128.store(y, a2, 32);
}

function sum4(first: usize, last: usize, x: usize, y: usize, factors: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.add(a0, v128.load(from));
    a1 = f32x4.add(a1, v128.load(from, 16));
    a2 = f32x4.add(a2, v128.load(from, 32));
    a3 = f32x4.add(a3, v128.load(from, 48));
  }
  v128.store(y, f32x4.mul(a0, v128.load(factors)));
  v128.store(y, f32x4.mul(a1, v128.load(factors, 16)), 16);
  v128.store(y, f32x4.mul(a2, v128.load(factors, 32)), 32);
  v128.store(y, f32x4.mul(a3, v128.load(factors, 48)), 48);
}

/** `pmax(a, x)` is `a < x ? x : a`: NaN in `x` is passed over. */
function maximum4(first: usize, last: usize, x: usize, y: usize): void {
  let a0 = f32x4.splat(-Infinity), a1 = a0, a2 = a0, a3 = a0;
  for (let tap = first; tap < last; tap += 4) {
    const from = x + load<u32>(tap);
    a0 = f32x4.pmax(a0, v128.load(from));
    a1 = f32x4.pmax(a1, v128.load(from, 16));
    a2 = f32x4.pmax(a2, v128.load(from, 32));
    a3 = f32x4.pmax(a3, v128.load(from, 48));
  }
  v128.store(y, a0);
  v128.store(y, a1, 16);
  v128.store(y, a2, 32);
  v128.store(y, a3, 48);
}

/** Pools `channels` channels of a tile. A maximum skips NaN, as TensorFlow.js does; an average does not. */
function poolTile(r: Pool, x: usize, y: usize, channels: i32, factors: usize): void {
  const bytes = <usize>r.lanes << 2;
  const channelBytes = r.packed ? r.packed : bytes;
  const fours = bytes & ~63, rest = bytes & 63;
  const first = r.taps, last = r.lastTap;
  for (let c = 0; c < channels; c++) {
    if (factors) {
      for (let at: usize = 0; at < fours; at += 64) sum4(first, last, x + at, y + at, factors + at);
      if (rest == 32) sum2(first, last, x + fours, y + fours, factors + fours);
      else if (rest == 48) sum3(first, last, x + fours, y + fours, factors + fours);
    } else {
      for (let at: usize = 0; at < fours; at += 64) maximum4(first, last, x + at, y + at);
      if (rest == 32) maximum2(first, last, x + fours, y + fours);
      else if (rest == 48) maximum3(first, last, x + fours, y + fours);
    }
    x += channelBytes;
    y += bytes;
  }
}

/** A work item is a group of tiles and a chunk of channels. */
export function pool(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Pool>(record);
  const channelBytes = <usize>r.lanes << 2;
  for (let item = begin; item < end; item++) {
    const group = changetype<Group>(r.groupTable + <usize>(item / r.chunks) * offsetof<Group>());
    const firstChannel = (item % r.chunks) * r.chunk;
    const channels = min(r.chunk, r.channels - firstChannel);
    const offset = <usize>firstChannel * channelBytes;
    if (r.packed) {
      const fill: f32 = r.factors ? 0 : -Infinity;
      packRuns(group.runs, group.runCount, r.input + offset, scratch, channels, channelBytes, r.packed, fill);
    }
    for (let t = 0; t < group.tiles; t++) {
      const tile = <usize>(group.firstTile + t * group.tileStep);
      const x = r.packed ? scratch + <usize>t * r.step : r.input + offset + tile * r.inputTile;
      const factors = r.factors ? r.factors + tile * channelBytes : 0;
      poolTile(r, x, r.output + offset + tile * r.outputTile, channels, factors);
    }
  }
}
