/**
 * Files for `@espalier/datasets` in Node: MNIST and CIFAR-10 from folders, archives and downloads, images in class folders,
 * the twelve tasks of the study of sparse transfer, verified downloads that go on where they were cut.
 *
 * @packageDocumentation
 */
export type { Checksums } from './checksum.js';
export { cifar10, cifar10FromFolder } from './cifar10.js';
export { cacheDirectory, dataDirectory } from './directories.js';
export { download } from './download.js';
export type { DownloadOptions, DownloadProgress } from './download-options.js';
export { ChecksumMismatchError, DownloadError, MissingDataError, UnsafeArchiveError } from './errors.js';
export { imageFolderArchive } from './image-folder.js';
export { type ImageFolderFilesOptions, imageFolder } from './image-folder-files.js';
export type { ImageFolderOptions } from './image-folder-options.js';
export { type ImageListOptions, imageList, type ListedImage } from './image-list.js';
export { type DatasetName, datasetNames, type LoadDatasetOptions, loadDataset } from './load-dataset.js';
export { mnist, mnistFromFolder } from './mnist.js';
export type { LoadProgress, ObtainOptions } from './obtain-options.js';
export { describeTask, loadTask, taskNames } from './tasks/load-task.js';
export type { Task, TaskDescription, TaskMetric, TaskName, TaskOptions, TaskSplit } from './tasks/task.js';
