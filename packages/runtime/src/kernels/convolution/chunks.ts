/** A range of input channels and the output channels that read any of them. */
export interface ChannelChunk {
  readonly firstInput: number;
  readonly inputs: number;
  readonly firstOutput: number;
  readonly lastOutput: number;
  /** Whether these are the first, or the last, products of their output channels. */
  readonly starts: boolean;
  readonly ends: boolean;
}

/**
 * Cuts the input channels of a convolution into chunks of about `size`, for the output channels `first` to `last`.
 * Groups smaller than a chunk stay whole.
 */
export function chunksOf(
  channels: readonly [inputs: number, outputs: number],
  groups: number,
  size: number,
  first: number,
  last: number,
): readonly ChannelChunk[] {
  const [inputs, outputs] = [channels[0] / groups, channels[1] / groups];
  const chunks: ChannelChunk[] = [];
  const add = (
    from: number,
    to: number,
    fromOutput: number,
    toOutput: number,
    starts: boolean,
    ends: boolean,
  ): void => {
    const [firstOutput, lastOutput] = [Math.max(first, fromOutput), Math.min(last, toOutput)];
    if (firstOutput < lastOutput)
      chunks.push({ firstInput: from, inputs: to - from, firstOutput, lastOutput, starts, ends });
  };
  const together = Math.max(1, Math.floor(size / inputs));
  for (let group = 0; group < groups; group += together) {
    const end = Math.min(groups, group + together);
    if (inputs <= size) {
      add(group * inputs, end * inputs, group * outputs, end * outputs, true, true);
      continue;
    }
    const count = Math.ceil(inputs / size);
    for (let c = 0; c < count; c++) {
      const [from, to] = [Math.floor((c * inputs) / count), Math.floor(((c + 1) * inputs) / count)];
      const base = group * inputs;
      add(base + from, base + to, group * outputs, end * outputs, c === 0, c === count - 1);
    }
  }
  return chunks;
}
