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
