import { EspalierError } from '@espalier/core';
import type { Batch } from '../batch/batch.js';
import type { Normalization } from '../batch/dataset.js';
import { randomStream } from '../batch/random.js';
import { MalformedDataError } from '../errors.js';
import type { DecodedImage, ImageFiles } from './decoded-image.js';
import { type ImageSize, sidesOf } from './image-size.js';
import type { ImageTransform } from './image-transform.js';

/** Which images a batch is made of. */
export interface BatchPlan {
  readonly indices: ArrayLike<number>;
  readonly epoch: number;
}

/** How batches are made of images. */
export interface ImageBatchMaker {
  readonly files: ImageFiles;
  readonly transform: ImageTransform;
  readonly normalize: Normalization | undefined;
  readonly seed: number;
  /** Runs the decoding and transforming of one image when its turn has come. */
  readonly inTurn: (work: () => Promise<void>) => Promise<void>;
  /** True once nobody wants the batch any more. */
  readonly canceled: () => boolean;
}

/** Reads, transforms and normalizes the images of one batch; fails as the first image in order that fails. */
export async function makeBatch(maker: ImageBatchMaker, { indices, epoch }: BatchPlan): Promise<Batch> {
  const { files, transform } = maker;
  const [height, width] = sidesOf(transform.size);
  const length = height * width * 3;
  const images = new Float32Array(indices.length * length);
  const labels = new Int32Array(indices.length);
  const tables = valueTables(maker.normalize);
  const outcomes = await Promise.allSettled(
    Array.from(indices, (index, slot) =>
      maker.inTurn(async () => {
        if (maker.canceled()) return;
        const transformed = transformImage(await readImage(files, index), maker, epoch, index);
        for (let i = 0; i < length; i++) images[slot * length + i] = tables[i % 3]![transformed.pixels[i]!]!;
        labels[slot] = files.label(index);
      }),
    ),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  const shape = [height, width, 3] as const;
  return { images, labels, size: indices.length, shape, classes: files.classes.length };
}

/** What each byte becomes, for red, green and blue. */
function valueTables(normalize: Normalization | undefined): readonly Float32Array[] {
  return [0, 1, 2].map(channel => {
    const [mean, std] = normalize === undefined ? [0, 1] : [normalize.mean[channel]!, normalize.std[channel]!];
    return Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / std);
  });
}

async function readImage(files: ImageFiles, index: number): Promise<DecodedImage> {
  try {
    const image = await files.read(index);
    requirePixels(image, files.path(index));
    return image;
  } catch (error) {
    if (EspalierError.isInstance(error)) throw error;
    const problem = error instanceof Error ? error.message : String(error);
    throw new MalformedDataError(files.path(index), `could not be read (${problem})`, { cause: error });
  }
}

function transformImage(
  image: DecodedImage,
  { files, transform, seed }: ImageBatchMaker,
  epoch: number,
  index: number,
): DecodedImage {
  try {
    const transformed = transform.apply(image, randomStream(seed, 'augmentation', epoch, index));
    requirePixels(transformed, `the transform of ${files.path(index)}`, transform.size);
    return transformed;
  } catch (error) {
    if (!EspalierError.isInstance(error) || error instanceof MalformedDataError) throw error;
    throw new MalformedDataError(files.path(index), `no image can be made of it (${error.message})`, { cause: error });
  }
}

function requirePixels({ height, width, pixels }: DecodedImage, source: string, size?: ImageSize): void {
  const [rows, columns] = size === undefined ? [height, width] : sidesOf(size);
  if (height !== rows || width !== columns) {
    throw new MalformedDataError(source, `the image is ${height}x${width} instead of ${rows}x${columns}`);
  }
  if (height >= 1 && width >= 1 && pixels.length === height * width * 3) return;
  throw new MalformedDataError(source, `${height}x${width} pixels of 3 bytes, but there are ${pixels.length} bytes`);
}
