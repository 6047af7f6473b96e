/**
 * Labelled images addressed by position: embedded digits, MNIST and CIFAR-10 files, synthetic images, seeded augmentation. Runs
 * in browsers; files and downloads are in `@espalier/datasets/node`.
 *
 * @packageDocumentation
 */
export type { Augmentation } from './augmentation.js';
export { type Batch, batchAt, sequentialBatches, stepsPerEpoch } from './batch.js';
export type { BatchOptions } from './batch-options.js';
export { type ByteDatasetOptions, byteDataset } from './byte-dataset.js';
export { cifar10Classes, cifar10Dataset, cifar100Dataset } from './cifar.js';
export type { Dataset, ImageShape, Normalisation, Split } from './dataset.js';
export { digitClasses, digitsNormalisation, embeddedDigits } from './digits.js';
export {
  DataTooLargeError,
  MalformedDataError,
  UnknownDatasetError,
} from './errors.js';
export { type GunzipOptions, gunzip } from './gunzip.js';
export { type IdxArray, type IdxOptions, idxDataset, parseIdx } from './idx.js';
export {
  channelStatistics,
  cifar10Normalisation,
  cifar100Normalisation,
  imagenetNormalisation,
  mnistNormalisation,
} from './normalisation.js';
export { imageFilesOf, imageFilesSubset } from './picture/image-files.js';
export type { ImageFiles, Picture, Rectangle } from './picture/picture.js';
export { pictureStatistics } from './picture/picture-statistics.js';
export { type RandomResizedCropOptions, randomResizedCrop } from './picture/random-resized-crop.js';
export type { Interpolation } from './picture/resampling-weights.js';
export { type ResizeOptions, resizePicture } from './picture/resize.js';
export { type ResizeAndCropOptions, resizeAndCrop } from './picture/resize-and-crop.js';
export { streamBatches, streamSequentialBatches } from './picture/stream.js';
export type { StreamBatchesOptions, StreamOptions } from './picture/stream-options.js';
export type { PictureView } from './picture/view.js';
export type { RandomStream } from './random.js';
export type { ReadLimits } from './read-limits.js';
export { subset } from './subset.js';
export {
  type SyntheticOptions,
  type SyntheticSplitOptions,
  syntheticImages,
  syntheticSplit,
} from './synthetic.js';
export { type TensorBatch, type TensorOptions, toTensors } from './tensors.js';
