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

/** Images inside their frames. Distances in floats. */
export interface FramedImages {
  /** From a line to the next. */
  readonly line: number;
  /** From an image to the next. */
  readonly image: number;
  /** Address of the frames of `count` images from `first` on, valid until the next call. */
  at(first: number, count?: number): number;
}

/**
 * Gives every image of a batch inside a frame of zeros, so that the inner loops need no bounds checks.
 *
 * The images themselves serve where they cover the frame; otherwise room for `group` frames is reused over the batch.
 */
export function frameImages(heap: Heap, images: Images, frame: FrameShape, group = 1): FramedImages {
  const { count, height, width, channels } = images;
  const imageFloats = height * width * channels;
  const covers = frame.top === 0 && frame.left === 0 && frame.height <= height && frame.width <= width;
  if (covers && frame.channels === channels) {
    return { line: width * channels, image: imageFloats, at: first => images.address + first * imageFloats * 4 };
  }
  const frameFloats = frame.height * frame.width * frame.channels;
  const target = heap.zeros(Math.min(count, group) * frameFloats);
  return {
    line: frame.width * frame.channels,
    image: frameFloats,
    at(first, places = 1) {
      for (let i = 0; i < places; i++) {
        heap.kernels.placeImage(
          images.address + (first + i) * imageFloats * 4,
          target + i * frameFloats * 4,
          height,
          width,
          channels,
          frame.top,
          frame.left,
          frame.height,
          frame.width,
          frame.channels,
        );
      }
      return target;
    },
  };
}

/**
 * Channels of a frame whose pixels are visited one after the other at one channel: `channels` rounded up to a multiple
 * of `unit`, and off any multiple of a kilobyte, which would map all pixels to a few sets of the cache.
 */
export function spreadChannels(channels: number, unit: number): number {
  const rounded = Math.ceil(channels / unit) * unit;
  return rounded % 256 === 0 ? rounded + 16 : rounded;
}
