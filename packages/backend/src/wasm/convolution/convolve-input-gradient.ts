import type { backend_util } from '@tensorflow/tfjs-core';
import { frameImages } from '../module/frame.js';
import type { Heap } from '../module/heap.js';
import { outputImages } from './convolve.js';
import { type Phase, phases } from './phases.js';

type ConvInfo = backend_util.Conv2DInfo;

/**
 * dx of a convolution without dilation, channels last.
 *
 * Pixels of dx that agree modulo the stride see the same taps, so each such phase is a plain convolution of dy with
 * every stride-th tap in reverse order. No product with an inserted zero is computed.
 */
export function convolveInputGradient(heap: Heap, info: ConvInfo, dy: number, filter: number, dx: number): void {
  const { kernels } = heap;
  const { batchSize, inChannels, outChannels, filterWidth, inHeight, inWidth, strideHeight, strideWidth } = info;
  const rows = phases(inHeight, info.filterHeight, strideHeight, info.padInfo.top);
  const columns = phases(inWidth, filterWidth, strideWidth, info.padInfo.left);
  const top = Math.max(0, ...rows.map(phase => -phase.start));
  const left = Math.max(0, ...columns.map(phase => -phase.start));
  const frame = frameImages(heap, outputImages(info, dy), {
    top,
    left,
    height: top + Math.max(1, ...rows.map(reach)),
    width: left + Math.max(1, ...columns.map(reach)),
    channels: outChannels,
  });
  const blocks = Math.ceil(inChannels / 8);
  const bias = heap.zeros(blocks * 8);
  const spare = heap.scratch(8);
  const tap = inChannels * outChannels;
  const work = rows.flatMap(row =>
    columns.map(column => {
      const panels = heap.scratch(blocks * 8 * row.taps * column.taps * outChannels);
      const corner = filter + (row.last * filterWidth + column.last) * tap * 4;
      kernels.packPanels(
        corner,
        panels,
        row.taps,
        column.taps,
        outChannels,
        inChannels,
        -strideHeight * filterWidth * tap,
        -strideWidth * tap,
        1,
        outChannels,
      );
      return { row, column, panels };
    }),
  );
  for (let image = 0; image < batchSize; image++) {
    const source = frame.at(image);
    for (const { row, column, panels } of work) {
      const pixel = (image * inHeight + row.first) * inWidth + column.first;
      kernels.correlate(
        source + ((row.start + top) * frame.line + (column.start + left) * outChannels) * 4,
        outChannels * 4,
        frame.line * 4,
        row.taps,
        frame.line * 4,
        1,
        0,
        column.taps * outChannels,
        panels,
        bias,
        false,
        dx + pixel * inChannels * 4,
        strideWidth * inChannels * 4,
        strideHeight * inWidth * inChannels * 4,
        row.count,
        column.count,
        inChannels,
        spare,
      );
    }
  }
}

/** One past the last element of dy that a phase reads. */
function reach(phase: Phase): number {
  return phase.taps === 0 ? 0 : phase.start + phase.count + phase.taps - 1;
}
