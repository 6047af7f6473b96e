/**
 * Files for `@espalier/datasets` in Node: MNIST and CIFAR-10 from folders, archives and downloads, images in class
 * folders, the twelve tasks of the study of sparse transfer, verified downloads that go on where they were cut.
 *
 * @packageDocumentation
 */

export { ChecksumMismatchError, DownloadError, MissingDataError, UnsafeArchiveError } from './errors.js';
export type { Checksums } from './fetch/checksum.js';
export { cacheDirectory, dataDirectory } from './fetch/directories.js';
export { download } from './fetch/download.js';
export type { DownloadOptions, DownloadProgress } from './fetch/download-options.js';
export { imageFolderArchive } from './images/image-folder.js';
export { type ImageFolderFilesOptions, imageFolder } from './images/image-folder-files.js';
export type { ImageFolderOptions } from './images/image-folder-options.js';
export { type ImageListOptions, imageList, type ListedImage } from './images/image-list.js';
export type { DamagedImage } from './labeled/damaged.js';
export { type FindImagesOptions, type FoundImages, findImages } from './labeled/find-images.js';
export type { LabeledImages, LoadImagesOptions } from './labeled/labeled-images.js';
export type { LabeledImagesWarning, PassedOver } from './labeled/listing.js';
export { loadImages } from './labeled/load-images.js';
export { cifar10, cifar10FromFolder } from './sets/cifar10.js';
export {
  type DatasetDescription,
  type DatasetName,
  datasetNames,
  describeDataset,
  type LoadDatasetOptions,
  loadDataset,
} from './sets/load-dataset.js';
export { mnist, mnistFromFolder } from './sets/mnist.js';
export type { LoadProgress, ObtainOptions } from './sets/obtain-options.js';
export { describeTask, loadTask, taskNames } from './tasks/load-task.js';
export type { Task, TaskDescription, TaskMetric, TaskName, TaskOptions, TaskSplit } from './tasks/task.js';
