import { Chunk, Split, touchLines } from './chunk';
import { Group } from './group';
import { packRuns } from './pack';
import { products16 } from './generated/products-16';
import { products28 } from './generated/products-28';
import { products32 } from './generated/products-32';
import { products56 } from './generated/products-56';
import { products64 } from './generated/products-64';

@unmanaged
class FilterGradient {
  lanes: i32;
  groups: i32;
  groupTable: usize;
  splitTable: usize;
  /** Per split: where its sums and its results lie, and how many nonzeros it has. */
  resultTable: usize;
  input: usize;
  inputTile: usize;
  packed: usize;
  step: usize;
  gradient: usize;
  gradientTile: usize;
  images: i32;
  inputImage: usize;
  gradientImage: usize;
  /** The tile that has lanes to spare, of which masked copies are used; -1: none. */
  maskedTile: i32;
  mask: usize;
  /** Tiles of an image where the next tile is to be fetched ahead; otherwise 0. */
  touch: i32;
  channels: i32;
  /** Where in scratch memory the masked tile of the gradient is. */
  copy: usize;
}

@unmanaged
class Result {
  sums: usize;
  values: usize;
  count: i32;
}

@inline
function products(lanes: i32, chunk: Chunk, sums: usize, x: usize, dy: usize): void {
  if (lanes == 28) products28(chunk.entries, chunk.lastEntry, chunk.nonzeros, sums, x, dy);
  else if (lanes == 16) products16(chunk.entries, chunk.lastEntry, chunk.nonzeros, sums, x, dy);
  else if (lanes == 56) products56(chunk.entries, chunk.lastEntry, chunk.nonzeros, sums, x, dy);
  else if (lanes == 64) products64(chunk.entries, chunk.lastEntry, chunk.nonzeros, sums, x, dy);
  else products32(chunk.entries, chunk.lastEntry, chunk.nonzeros, sums, x, dy);
}

/** Copies the lanes that count of every channel of a tile, zeros in place of the others. */
function copyMasked(from: usize, to: usize, channels: i32, lanes: i32, mask: usize): void {
  const bytes = <usize>lanes << 2;
  for (let c = 0; c < channels; c++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(to + at, v128.and(v128.load(from + at), v128.load(mask + at)));
    }
    from += bytes;
    to += bytes;
  }
}

/** Adds one group of tiles of one image to the sums of one chunk. */
function addGroup(r: FilterGradient, chunk: Chunk, group: Group, sums: usize, image: usize, scratch: usize): void {
  const channelBytes = <usize>r.lanes << 2;
  const source = r.input + image * r.inputImage + <usize>chunk.firstChannel * channelBytes;
  if (r.packed) packRuns(group.runs, group.runCount, source, scratch, chunk.channels, channelBytes, r.packed, 0);
  for (let t = 0; t < group.tiles; t++) {
    const tile = group.firstTile + t * group.tileStep;
    let dy = r.gradient + image * r.gradientImage + <usize>tile * r.gradientTile;
    let x = scratch + <usize>t * r.step;
    if (!r.packed) {
      x = source + <usize>tile * r.inputTile;
      if (tile == r.maskedTile) {
        copyMasked(x, scratch, chunk.channels, r.lanes, r.mask);
        x = scratch;
      }
      if (tile + 1 < r.touch) store<f32>(scratch, touchLines(x + r.inputTile, r.inputTile));
    }
    if (tile + 1 < r.touch) {
      store<f32>(scratch + r.packed * chunk.channels, touchLines(dy + r.gradientTile, r.gradientTile));
    }
    if (tile == r.maskedTile) dy = scratch + r.copy;
    products(r.lanes, chunk, sums, x, dy);
  }
}

/** The gradient of every nonzero weight. A work item is a split of the output channels. */
export function filterGradient(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<FilterGradient>(record);
  const shift: usize = r.lanes > 32 ? 5 : 4;
  for (let item = begin; item < end; item++) {
    const split = changetype<Split>(r.splitTable + <usize>item * offsetof<Split>());
    const result = changetype<Result>(r.resultTable + <usize>item * offsetof<Result>());
    memory.fill(result.sums, 0, <usize>result.count << shift);
    for (let image = 0; image < r.images; image++) {
      if (r.maskedTile >= 0) {
        const from = r.gradient + image * r.gradientImage + <usize>r.maskedTile * r.gradientTile;
        copyMasked(from, scratch + r.copy, r.channels, r.lanes, r.mask);
      }
      for (let g = 0; g < r.groups; g++) {
        const group = changetype<Group>(r.groupTable + <usize>g * offsetof<Group>());
        let sums = result.sums;
        for (let c = 0; c < split.count; c++) {
          const chunk = changetype<Chunk>(split.chunks + <usize>c * offsetof<Chunk>());
          addGroup(r, chunk, group, sums, image, scratch);
          sums += <usize>chunk.count << shift;
        }
      }
    }
    for (let i = 0; i < result.count; i++) {
      const from = result.sums + (<usize>i << shift);
      let sum = v128.load(from);
      if (shift == 5) sum = f32x4.add(sum, v128.load(from, 16));
      f32.store(
        result.values + (<usize>i << 2),
        f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) +
          (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3)),
      );
    }
  }
}

@unmanaged
class Refresh {
  /** Pairs of a byte offset and a weight. */
  nonzeros: usize;
  /** Index into `source` of every weight. */
  order: usize;
  count: i32;
}

/** Fetches the weights of packed nonzeros from where they changed. A work item is a chunk. */
export function refreshWeights(record: usize, begin: i32, end: i32, scratch: usize): void {
  const source = load<usize>(record);
  for (let item = begin; item < end; item++) {
    const r = changetype<Refresh>(record + 4 + <usize>item * offsetof<Refresh>());
    let order = r.order, nonzero = r.nonzeros;
    for (let i = 0; i < r.count; i++) {
      f32.store(nonzero, f32.load(source + (load<usize>(order) << 2)), 4);
      order += 4;
      nonzero += 8;
    }
  }
}
