import { packRuns } from './pack';
import { Group } from './group';

/** An image outside (floats without tiles) and its tensor. */
@unmanaged
class Border {
  outside: usize;
  tensor: usize;
  tile: usize;
  channels: i32;
  lanes: i32;
  pixels: i32;
}

/** From `[pixel][channel]`; spare lanes become 0. A work item is a tile. */
export function fromNhwc(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Border>(record);
  const pixelBytes = <usize>r.channels << 2;
  for (let tile = begin; tile < end; tile++) {
    const count = min(r.lanes, r.pixels - tile * r.lanes);
    const pixels = r.outside + <usize>(tile * r.lanes) * pixelBytes;
    let to = r.tensor + <usize>tile * r.tile;
    for (let c = 0; c < r.channels; c++) {
      let from = pixels + (<usize>c << 2);
      for (let i = 0; i < count; i++) {
        f32.store(to + (<usize>i << 2), f32.load(from));
        from += pixelBytes;
      }
      for (let i = count; i < r.lanes; i++) f32.store(to + (<usize>i << 2), 0);
      to += <usize>r.lanes << 2;
    }
  }
}

/** From `[channel][pixel]`; spare lanes become 0. A work item is a tile. */
export function fromNchw(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Border>(record);
  const channelBytes = <usize>r.lanes << 2;
  for (let tile = begin; tile < end; tile++) {
    const bytes = <usize>min(r.lanes, r.pixels - tile * r.lanes) << 2;
    let from = r.outside + <usize>tile * channelBytes;
    let to = r.tensor + <usize>tile * r.tile;
    for (let c = 0; c < r.channels; c++) {
      memory.copy(to, from, bytes);
      memory.fill(to + bytes, 0, channelBytes - bytes);
      from += <usize>r.pixels << 2;
      to += channelBytes;
    }
  }
}

/** To `[pixel][channel]`. A work item is a tile. */
export function toNhwc(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Border>(record);
  const channelBytes = <usize>r.lanes << 2;
  for (let tile = begin; tile < end; tile++) {
    const count = min(r.lanes, r.pixels - tile * r.lanes);
    let to = r.outside + (<usize>(tile * r.lanes * r.channels) << 2);
    for (let i = 0; i < count; i++) {
      let from = r.tensor + <usize>tile * r.tile + (<usize>i << 2);
      for (let c = 0; c < r.channels; c++) {
        f32.store(to, f32.load(from));
        from += channelBytes;
        to += 4;
      }
    }
  }
}

@unmanaged
class Rearrangement {
  groupTable: usize;
  input: usize;
  output: usize;
  outputTile: usize;
  channels: i32;
  lanes: i32;
}

/** Moves pixels to other places, zeros where none goes, by the runs of each tile. A work item is a tile. */
export function rearrange(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Rearrangement>(record);
  const channelBytes = <usize>r.lanes << 2;
  for (let tile = begin; tile < end; tile++) {
    const group = changetype<Group>(r.groupTable + <usize>tile * offsetof<Group>());
    const to = r.output + <usize>tile * r.outputTile;
    packRuns(group.runs, group.runCount, r.input, to, r.channels, channelBytes, channelBytes, 0);
  }
}

@unmanaged
class Permutation {
  input: usize;
  inputTile: usize;
  inputWidth: i32;
  output: usize;
  outputTile: usize;
  outputWidth: i32;
  channels: i32;
  lanes: i32;
  pixels: i32;
  /** Which axis of the output (row, column, channel) each axis of the input is. */
  row: i32;
  column: i32;
  channel: i32;
}

@inline
function pick(axis: i32, row: i32, column: i32, channel: i32): i32 {
  return axis == 0 ? row : axis == 1 ? column : channel;
}

/** Rows, columns and channels in another order. A work item is a tile. */
export function permute(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Permutation>(record);
  for (let tile = begin; tile < end; tile++) {
    const last = min(r.lanes, r.pixels - tile * r.lanes);
    for (let lane = 0; lane < last; lane++) {
      const pixel = tile * r.lanes + lane;
      const y = pixel / r.outputWidth, x = pixel % r.outputWidth;
      let to = r.output + <usize>tile * r.outputTile + (<usize>lane << 2);
      for (let c = 0; c < r.channels; c++) {
        const from = pick(r.row, y, x, c) * r.inputWidth + pick(r.column, y, x, c);
        const place = pick(r.channel, y, x, c) * r.lanes + from % r.lanes;
        f32.store(to, f32.load(r.input + <usize>(from / r.lanes) * r.inputTile + (<usize>place << 2)));
        to += <usize>r.lanes << 2;
      }
    }
  }
}

@unmanaged
class Interpolation {
  /** For every pixel of the output the byte offsets of four pixels of the input, and their weights. */
  table: usize;
  input: usize;
  output: usize;
  outputTile: usize;
  channels: i32;
  lanes: i32;
  pixels: i32;
}

/** Weighted means of four pixels. A work item is a tile. */
export function interpolate(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Interpolation>(record);
  const channelBytes = <usize>r.lanes << 2;
  for (let tile = begin; tile < end; tile++) {
    const last = min(r.lanes, r.pixels - tile * r.lanes);
    for (let lane = 0; lane < last; lane++) {
      const row = r.table + (<usize>(tile * r.lanes + lane) << 5);
      const a = r.input + load<u32>(row), b = r.input + load<u32>(row, 4);
      const c = r.input + load<u32>(row, 8), d = r.input + load<u32>(row, 12);
      const s = f32.load(row, 16), t = f32.load(row, 20), u = f32.load(row, 24), v = f32.load(row, 28);
      const to = r.output + <usize>tile * r.outputTile + (<usize>lane << 2);
      for (let m = 0, at: usize = 0; m < r.channels; m++, at += channelBytes) {
        f32.store(to + at, s * f32.load(a + at) + t * f32.load(b + at) + (u * f32.load(c + at) + v * f32.load(d + at)));
      }
    }
  }
}
