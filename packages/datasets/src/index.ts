/**
 * Labelled images addressed by position: embedded digits, MNIST and CIFAR-10 files, synthetic images, seeded augmentation. Runs
 * in browsers; files and downloads are in `@espalier/datasets/node`.
 *
 * @packageDocumentation
 */
export type { Augmentation } from './augmentation.js';
export { type Batch, type BatchOptions, batchAt, sequentialBatches, stepsPerEpoch } from './batch.js';
export { type ByteDatasetOptions, byteDataset } from './byte-dataset.js';
export { cifar10Classes, cifar10Dataset } from './cifar.js';
export type { Dataset, ImageShape, Normalisation, Split } from './dataset.js';
export { digitClasses, digitsNormalisation, embeddedDigits } from './digits.js';
export {
  DatasetsError,
  DataTooLargeError,
  InvalidDatasetOptionError,
  MalformedDataError,
  UnknownDatasetError,
} from './errors.js';
export { type GunzipOptions, gunzip } from './gunzip.js';
export { type IdxArray, type IdxOptions, idxDataset, parseIdx } from './idx.js';
export { channelStatistics, cifar10Normalisation, mnistNormalisation } from './normalisation.js';
export { subset } from './subset.js';
export {
  type SyntheticOptions,
  type SyntheticSplitOptions,
  syntheticImages,
  syntheticSplit,
} from './synthetic.js';
export { type TensorBatch, type TensorOptions, toTensors } from './tensors.js';
