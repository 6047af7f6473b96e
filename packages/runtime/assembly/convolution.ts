import { activateFloats, isCurve } from './activation';
import { Chunk, Split, touchLines } from './chunk';
import { Group } from './group';
import { packRuns } from './pack';
import { quads1 } from './generated/quads-1';
import { quads2 } from './generated/quads-2';
import { quads4 } from './generated/quads-4';
import { rows16 } from './generated/rows-16';
import { rows28 } from './generated/rows-28';
import { rows32 } from './generated/rows-32';
import { rows56 } from './generated/rows-56';
import { rows64 } from './generated/rows-64';

// In the order of the words that src/kernels/convolution/convolution.ts writes.
@unmanaged
class Convolution {
  lanes: i32;
  groups: i32;
  splits: i32;
  groupTable: usize;
  splitTable: usize;
  input: usize;
  inputTile: usize;
  /** Bytes of scratch per channel; 0 where the input is read in place. */
  packed: usize;
  /** Bytes in scratch from one tile of a group to the next. */
  step: usize;
  output: usize;
  outputTile: usize;
  /** 0: none. */
  residual: usize;
  residualTile: usize;
  activation: i32;
  inputImage: usize;
  outputImage: usize;
  residualImage: usize;
  /** Tiles of an image where the next tile is to be fetched ahead; otherwise 0. */
  touch: usize;
  /** Address of a word: nothing is done while it is 0; 0: always. */
  when: usize;
}

/** Bytes of an entry of four rows. */
const QUAD_BYTES: usize = 36;

/**
 * As many vectors at once as registers hold the sums of: twice as many where tiles are wide, which is for pairs of
 * vectors.
 */
function quads(
  lanes: i32, chunk: Chunk, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  const bytes = <usize>lanes << 2;
  let nonzero = chunk.nonzeros;
  for (let entry = chunk.entries; entry < chunk.lastEntry; entry += QUAD_BYTES) {
    let at: usize = 0;
    if (lanes >= 56) {
      for (; at + 64 <= bytes; at += 64) {
        quads4(entry, nonzero, x + at, y + at, residual ? residual + at : 0, first, activation);
      }
    }
    for (; at + 32 <= bytes; at += 32) {
      quads2(entry, nonzero, x + at, y + at, residual ? residual + at : 0, first, activation);
    }
    if (at < bytes) quads1(entry, nonzero, x + at, y + at, residual ? residual + at : 0, first, activation);
    nonzero = load<usize>(entry);
  }
}

@inline
function rows(
  lanes: i32, chunk: Chunk, x: usize, y: usize, residual: usize, first: bool, activation: i32,
): void {
  if (chunk.flags & 4) quads(lanes, chunk, x, y, residual, first, activation);
  else if (lanes == 28) rows28(chunk.entries, chunk.lastEntry, chunk.nonzeros, x, y, residual, first, activation);
  else if (lanes == 16) rows16(chunk.entries, chunk.lastEntry, chunk.nonzeros, x, y, residual, first, activation);
  else if (lanes == 56) rows56(chunk.entries, chunk.lastEntry, chunk.nonzeros, x, y, residual, first, activation);
  else if (lanes == 64) rows64(chunk.entries, chunk.lastEntry, chunk.nonzeros, x, y, residual, first, activation);
  else rows32(chunk.entries, chunk.lastEntry, chunk.nonzeros, x, y, residual, first, activation);
}

/** A work item is a group of tiles of one image with one split of the output channels. */
export function convolution(record: usize, begin: i32, end: i32, scratch: usize): void {
  const r = changetype<Convolution>(record);
  if (r.when && !load<i32>(r.when)) return;
  const channelBytes = <usize>r.lanes << 2;
  const plain = isCurve(r.activation) ? 0 : r.activation;
  for (let item = begin; item < end; item++) {
    const split = changetype<Split>(r.splitTable + <usize>(item % r.splits) * offsetof<Split>());
    const position = item / r.splits;
    const image = <usize>(position / r.groups);
    const group = changetype<Group>(r.groupTable + <usize>(position % r.groups) * offsetof<Group>());
    const input = r.input + image * r.inputImage;
    const output = r.output + image * r.outputImage;
    const residual = r.residual + image * r.residualImage;
    for (let c = 0; c < split.count; c++) {
      const chunk = changetype<Chunk>(split.chunks + <usize>c * offsetof<Chunk>());
      const source = input + <usize>chunk.firstChannel * channelBytes;
      if (r.packed) {
        packRuns(group.runs, group.runCount, source, scratch, chunk.channels, channelBytes, r.packed, 0);
      }
      const first = (chunk.flags & 1) != 0;
      const activation = chunk.flags & 2 ? plain : 0;
      for (let t = 0; t < group.tiles; t++) {
        const tile = <usize>(group.firstTile + t * group.tileStep);
        let x = scratch + <usize>t * r.step;
        if (!r.packed) {
          x = source + tile * r.inputTile;
          if (tile + 1 < r.touch) store<f32>(scratch, touchLines(x + r.inputTile, r.inputTile));
        }
        rows(
          r.lanes, chunk, x, output + tile * r.outputTile, r.residual ? residual + tile * r.residualTile : 0,
          first, activation,
        );
      }
    }
    if (isCurve(r.activation)) {
      const rows = output + <usize>split.firstOutput * channelBytes;
      for (let t = 0; t < group.tiles; t++) {
        const tile = <usize>(group.firstTile + t * group.tileStep);
        activateFloats(rows + tile * r.outputTile, split.outputs * r.lanes, r.activation);
      }
    }
  }
}
