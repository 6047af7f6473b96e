/** Chunks of one range of output channels. */
@unmanaged
export class Split {
  chunks: usize;
  count: i32;
  firstOutput: i32;
  outputs: i32;
}

/** A range of input channels. */
@unmanaged
export class Chunk {
  entries: usize;
  lastEntry: usize;
  nonzeros: usize;
  firstChannel: i32;
  channels: i32;
  /** Bit 0: sums start here; bit 1: they end here; bit 2: rows come in quads. */
  flags: i32;
  /** Nonzero weights. */
  count: i32;
}

/** Reads one float of every cache line, in order, so that the random reads that follow hit. */
export function touchLines(address: usize, bytes: usize): f32 {
  let sum: f32 = 0;
  for (let at: usize = 0; at < bytes; at += 64) sum += f32.load(address + at);
  return sum;
}
