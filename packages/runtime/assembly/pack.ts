// Copies the pixels that a tile's windows cover into scratch memory, so that every tap of the window reads consecutive
// floats. The host lists what to copy as runs; a run is done for every channel.

/** Bytes of one run: source offset, target offset, count of floats, step between source floats (0: fill). */
const RUN_BYTES: usize = 16;

@inline
function fillRun(to: usize, count: i32, channels: i32, toChannel: usize, value: f32): void {
  const vector = f32x4.splat(value);
  if (count >= 4) {
    const last = <usize>(count - 4) << 2;
    for (let c = 0; c < channels; c++) {
      for (let at: usize = 0; at < last; at += 16) v128.store(to + at, vector);
      v128.store(to + last, vector);
      to += toChannel;
    }
    return;
  }
  const bytes = <usize>count << 2;
  for (let c = 0; c < channels; c++) {
    for (let at: usize = 0; at < bytes; at += 4) f32.store(to + at, value);
    to += toChannel;
  }
}

@inline
function copy28(from: usize, to: usize, channels: i32, fromChannel: usize, toChannel: usize): void {
  for (let c = 0; c < channels; c++) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
    v128.store(to, v128.load(from, 64), 64);
    v128.store(to, v128.load(from, 80), 80);
    v128.store(to, v128.load(from, 96), 96);
    from += fromChannel;
    to += toChannel;
  }
}

@inline
function copyRun(from: usize, to: usize, count: i32, channels: i32, fromChannel: usize, toChannel: usize): void {
  if (count == 28) return copy28(from, to, channels, fromChannel, toChannel);
  if (count >= 4) {
    // The last vector is moved back so that it ends with the run; it copies a few floats twice.
    const last = <usize>(count - 4) << 2;
    for (let c = 0; c < channels; c++) {
      for (let at: usize = 0; at < last; at += 16) v128.store(to + at, v128.load(from + at));
      v128.store(to + last, v128.load(from + last));
      from += fromChannel;
      to += toChannel;
    }
    return;
  }
  const bytes = <usize>count << 2;
  for (let c = 0; c < channels; c++) {
    for (let at: usize = 0; at < bytes; at += 4) f32.store(to + at, f32.load(from + at));
    from += fromChannel;
    to += toChannel;
  }
}

@inline
function gatherRun(
  from: usize, to: usize, count: i32, step: i32, channels: i32, fromChannel: usize, toChannel: usize,
): void {
  const stepBytes = <usize>step << 2;
  for (let c = 0; c < channels; c++) {
    let i = 0, source = from, target = to;
    if (step == 2) {
      for (; i + 4 <= count; i += 4) {
        // Reads seven floats, so never past the last one that is wanted.
        v128.store(target, v128.shuffle<f32>(v128.load(source), v128.load(source, 12), 0, 2, 5, 7));
        source += 32;
        target += 16;
      }
    }
    for (; i < count; i++) {
      f32.store(target, f32.load(source));
      source += stepBytes;
      target += 4;
    }
    from += fromChannel;
    to += toChannel;
  }
}

/** Does `count` runs for `channels` channels. */
export function packRuns(
  runs: usize, count: i32, source: usize, target: usize, channels: i32, fromChannel: usize, toChannel: usize, fill: f32,
): void {
  for (let r = 0; r < count; r++) {
    const from = source + load<u32>(runs), to = target + load<u32>(runs, 4);
    const floats = load<i32>(runs, 8), step = load<i32>(runs, 12);
    if (step == 1) copyRun(from, to, floats, channels, fromChannel, toChannel);
    else if (step == 0) fillRun(to, floats, channels, toChannel, fill);
    else gatherRun(from, to, floats, step, channels, fromChannel, toChannel);
    runs += RUN_BYTES;
  }
}
