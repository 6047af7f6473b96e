import type { Heap } from './heap.js';

/** A batch of images in memory, channels last. */
export interface Images {
  readonly address: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** The window that a kernel reads: where the image's corner lies in it, and its size. */
export interface FrameShape {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/**
 * Gives every image of a batch inside a frame of zeros, so that the inner loops need no bounds checks.
 *
 * The image itself serves where it covers the frame; otherwise one frame is reused for all images.
 *
 * @returns The distance between lines of the frame in floats, and the address of the frame with image `index` in it.
 */
export function frameImages(
  heap: Heap,
  images: Images,
  frame: FrameShape,
): { line: number; at(index: number): number } {
  const { count, height, width, channels } = images;
  const bytes = height * width * channels * 4;
  const covers = frame.top === 0 && frame.left === 0 && frame.height <= height && frame.width <= width;
  if (covers && frame.channels === channels) {
    return { line: width * channels, at: index => images.address + index * bytes };
  }
  const target = heap.zeros(count === 0 ? 0 : frame.height * frame.width * frame.channels);
  return {
    line: frame.width * frame.channels,
    at(index) {
      const source = images.address + index * bytes;
      heap.kernels.placeImage(
        source,
        target,
        height,
        width,
        channels,
        frame.top,
        frame.left,
        frame.height,
        frame.width,
        frame.channels,
      );
      return target;
    },
  };
}
