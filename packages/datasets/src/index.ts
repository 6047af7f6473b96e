/**
 * Labeled images addressed by position: embedded digits, MNIST and CIFAR-10 files, synthetic images, seeded
 * augmentation. Runs in browsers; files and downloads are in `@espalier/datasets/node`.
 *
 * @packageDocumentation
 */
export { type Augmentation, augmentationRules } from './batch/augmentation.js';
export { type Batch, batchAt, sequentialBatches, stepsPerEpoch } from './batch/batch.js';
export type { BatchOptions } from './batch/batch-options.js';
export type { Dataset, ImageShape, Normalization, Split } from './batch/dataset.js';
export {
  channelStatistics,
  cifar10Normalization,
  cifar100Normalization,
  imagenetNormalization,
  mnistNormalization,
} from './batch/normalization.js';
export type { RandomStream } from './batch/random.js';
export { subset } from './batch/subset.js';
export { type TensorBatch, type TensorOptions, toTensors } from './batch/tensors.js';
export {
  DataTooLargeError,
  MalformedDataError,
  type MalformedDataOptions,
  UnknownDatasetError,
} from './errors.js';
export { type ByteDatasetOptions, byteDataset } from './formats/byte-dataset.js';
export { cifar10Classes, cifar10Dataset, cifar100Dataset } from './formats/cifar.js';
export { digitClasses, digitsNormalization, embeddedDigits } from './formats/digits.js';
export { type GunzipOptions, gunzip } from './formats/gunzip.js';
export { type IdxArray, type IdxOptions, idxDataset, parseIdx } from './formats/idx.js';
export {
  type SyntheticOptions,
  type SyntheticSplitOptions,
  syntheticImages,
  syntheticSplit,
} from './formats/synthetic.js';
export type { DecodedImage, ImageFiles, Rectangle } from './image/decoded-image.js';
export { type FitImageOptions, type FitRule, fitImage, fitRules } from './image/fit-image.js';
export { imageFilesOf, imageFilesSubset } from './image/image-files.js';
export { type ImageSize, imageSides } from './image/image-size.js';
export { imageStatistics } from './image/image-statistics.js';
export type { ImageTransform } from './image/image-transform.js';
export { type KeepDecodedOptions, keepDecoded } from './image/keep-decoded.js';
export { randomFlip } from './image/random-flip.js';
export { type RandomResizedCropOptions, randomResizedCrop } from './image/random-resized-crop.js';
export type { Interpolation } from './image/resampling-weights.js';
export { type ResizeOptions, resizeImage } from './image/resize.js';
export { type ResizeAndCropOptions, resizeAndCrop } from './image/resize-and-crop.js';
export { streamBatches, streamSequentialBatches } from './image/stream.js';
export type { StreamBatchesOptions, StreamOptions } from './image/stream-options.js';
export type { ReadLimits } from './read-limits.js';
