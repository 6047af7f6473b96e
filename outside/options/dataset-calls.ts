import * as datasets from '@espalier/datasets';
import * as files from '@espalier/datasets/node';
import * as tf from '@tensorflow/tfjs-core';

/** As a caller of plain JavaScript sees it: anything may be passed. */
export type Loose = Record<string, unknown>;
type Call = (options: unknown) => unknown;

export const dataset: datasets.Dataset = datasets.syntheticImages({ size: 12, shape: [8, 8, 3], classes: 3, seed: 1 });
export const imageFiles: datasets.ImageFiles = datasets.imageFilesOf(dataset);
export const transform: datasets.ImageTransform = datasets.resizeAndCrop({ resize: 8, size: 8 });
const batch = datasets.batchAt(dataset, { position: 0, batchSize: 4 });
const image = { height: 2, width: 2, pixels: new Uint8Array(12) };
const bytes = { name: 'x', classes: ['a'], shape: [1, 1, 1], images: Uint8Array.of(1), labels: [0] };
export const loose = <T>(value: unknown): T => value as T;
export const first = async (stream: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of stream) return;
};

/** One entry with options. */
export interface DatasetCall {
  readonly call: Call;
  /** Options that are right. */
  readonly right: Loose;
  /** Values of wrong types, by option; nested ones with a point. */
  readonly wrong: Readonly<Record<string, readonly unknown[]>>;
}

const whole = ['1', null, Number.NaN, [], -1, 0.5];
const limits = {
  maximumEntries: whole,
  maximumEntryBytes: whole,
  maximumTotalBytes: whole,
  maximumPixels: whole,
  maximumMemory: whole,
};
const obtain = {
  ...limits,
  dataDirectory: [1, null, ''],
  cacheDirectory: [1, null, ''],
  download: ['no', 0, null],
  mirrors: ['http://127.0.0.1/', [1], ['no address'], null],
  onProgress: ['log', null],
  signal: [{}, null],
  fetch: ['fetch', null],
};
const normalize = [
  null,
  [],
  { mean: '0', std: [1] },
  { mean: [0, 0, 0], std: [1, 0, 1] },
  { mean: [0, 0, 0] },
  { mean: [0, 0, 0], std: [1, 1, 1], scale: 1 },
];
const stream = {
  batchSize: whole,
  transform: [null, {}, { size: 8 }, 'middle'],
  normalize,
  prefetch: whole,
  maximumDecoded: [...whole, 0],
  signal: [{}],
};

/** Everything of the datasets that takes options, by name. */
export const datasetCalls: Readonly<Record<string, DatasetCall>> = {
  batchAt: {
    call: options => datasets.batchAt(dataset, loose(options)),
    right: { position: 0, batchSize: 4 },
    wrong: {
      position: whole,
      batchSize: whole,
      seed: whole,
      shuffle: ['no', 0, null],
      normalize,
      augment: [null, [], 'flip', { flips: true }, { crop: '2' }, { crop: -1 }, { flip: 1 }],
    },
  },
  sequentialBatches: {
    call: options => datasets.sequentialBatches(dataset, loose(options)),
    right: { batchSize: 4 },
    wrong: { batchSize: whole, normalize },
  },
  streamBatches: {
    call: options => first(datasets.streamBatches(imageFiles, loose(options))),
    right: { batchSize: 4, transform },
    wrong: { ...stream, from: whole, to: whole, seed: whole, shuffle: ['no', null] },
  },
  streamSequentialBatches: {
    call: options => first(datasets.streamSequentialBatches(imageFiles, loose(options))),
    right: { batchSize: 4, transform },
    wrong: stream,
  },
  imageStatistics: {
    call: options => datasets.imageStatistics(imageFiles, loose(options)),
    right: { batchSize: 4, transform },
    wrong: { batchSize: whole, transform: [null, {}], prefetch: whole },
  },
  toTensors: {
    call: options => tf.dispose(Object.values(datasets.toTensors(batch, loose(options)))),
    right: {},
    wrong: { labels: ['onehot', 1, null] },
  },
  syntheticImages: {
    call: options => datasets.syntheticImages(loose(options)),
    right: { size: 2 },
    wrong: {
      size: whole,
      shape: ['8', [8, 8], [8, 8, 0], null],
      classes: [1, '3', null],
      seed: whole,
      part: ['val', null],
      noise: [-1, 2, '0'],
    },
  },
  syntheticSplit: {
    call: options => datasets.syntheticSplit(loose(options)),
    right: { trainSize: 3, testSize: 2 },
    wrong: { trainSize: whole, testSize: whole, noise: ['0', null] },
  },
  byteDataset: {
    call: options => datasets.byteDataset(loose(options)),
    right: bytes,
    wrong: {
      name: [1, ''],
      classes: [[], ['a', 'a'], 'a', [1]],
      shape: [[1, 1], '111'],
      images: [[1], 'a'],
      labels: ['0', null, 1],
    },
  },
  parseIdx: {
    call: options => datasets.parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7), loose(options)),
    right: {},
    wrong: { source: [1], rank: ['1', 5, null], maximumValues: whole },
  },
  gunzip: {
    call: options => datasets.gunzip(Uint8Array.of(1), loose(options)),
    right: {},
    wrong: { source: [1], maximumBytes: [...whole, 0] },
  },
  resizeImage: {
    call: options => datasets.resizeImage(image, loose(options)),
    right: { height: 1, width: 1 },
    wrong: {
      height: [...whole, 0],
      width: [...whole, 0],
      interpolation: ['nearest', null, 'constructor'],
      window: [null, {}, { top: 0, left: 0, height: 1, width: 1, depth: 1 }],
    },
  },
  resizeAndCrop: {
    call: options => datasets.resizeAndCrop(loose(options)),
    right: {},
    wrong: { size: [...whole, 0, 5000, [8], [8, 0]], resize: whole, interpolation: ['nearest', '__proto__'] },
  },
  fitImage: {
    call: options => datasets.fitImage(loose(options)),
    right: { size: 8 },
    wrong: {
      size: [...whole, 0, 5000, [8], [8, 0]],
      rule: ['stretch', null],
      resize: [...whole, 7],
      interpolation: ['nearest'],
    },
  },
  keepDecoded: {
    call: options => datasets.keepDecoded([imageFiles], loose(options)),
    right: { maximumMemory: 0 },
    wrong: { maximumMemory: whole },
  },
  randomResizedCrop: {
    call: options => datasets.randomResizedCrop(loose(options)),
    right: {},
    wrong: {
      size: [...whole, 0, 5000, [8], [8, 0]],
      scale: [1, [1], ['0.1', 1], [0, 1], null],
      ratio: [[2, 1], null],
      flip: [1, null],
      interpolation: ['nearest'],
    },
  },
  loadDataset: {
    call: options => files.loadDataset('digits', loose(options)),
    right: {},
    wrong: { ...obtain, synthetic: [null, [], { size: 1 }, { trainSize: '1' }, { seed: -1 }] },
  },
  loadTask: {
    call: options => files.loadTask('pets', loose(options)).catch(ignoreMissing),
    right: { dataDirectory: false, cacheDirectory: '/nowhere', download: false },
    wrong: {
      ...obtain,
      split: ['offical', null],
      fold: [0, 11, '1'],
      splitSeed: whole,
      directory: [1, ''],
      allowPartial: ['yes', 1],
    },
  },
  mnist: {
    call: options => files.mnist(loose(options)).catch(ignoreMissing),
    right: { dataDirectory: false, cacheDirectory: '/nowhere', download: false },
    wrong: obtain,
  },
  cifar10: {
    call: options => files.cifar10(loose(options)).catch(ignoreMissing),
    right: { dataDirectory: false, cacheDirectory: '/nowhere', download: false },
    wrong: obtain,
  },
  mnistFromFolder: {
    call: options => files.mnistFromFolder('/nowhere', loose(options)).catch(ignoreMissing),
    right: {},
    wrong: limits,
  },
  cifar10FromFolder: {
    call: options => files.cifar10FromFolder('/nowhere', loose(options)).catch(ignoreMissing),
    right: {},
    wrong: { ...limits, cacheDirectory: [1], onProgress: [1], signal: [1] },
  },
  imageFolderArchive: {
    call: options => files.imageFolderArchive('/nowhere', loose(options)).catch(ignoreMissing),
    right: { name: 'x', shape: [8, 8, 3] },
    wrong: {
      ...limits,
      name: [1],
      shape: [[8, 8], [8, 8, 2], 8],
      classes: [[], ['a', 'a'], 'a'],
      maximumPerClass: [0, '1'],
      cacheDirectory: [true],
      onProgress: [1],
      signal: [1],
    },
  },
  imageFolder: {
    call: options => files.imageFolder('/nowhere', loose(options)).catch(ignoreMissing),
    right: {},
    wrong: { ...limits, name: [1], classes: [[], 'a'] },
  },
  findImages: {
    call: options => files.findImages(['/nowhere'], loose(options)).catch(ignoreMissing),
    right: {},
    wrong: { ...limits, skipDamaged: ['yes', 1], keepDecoded: whole, signal: [1] },
  },
  loadImages: {
    call: options => files.loadImages('/nowhere', loose(options)).catch(ignoreMissing),
    right: {},
    wrong: {
      ...limits,
      name: [1],
      classes: [[], 'a'],
      testFraction: [0, 1.5, '0.2', null],
      seed: whole,
      skipDamaged: ['yes', 1],
      keepDecoded: whole,
      cacheDirectory: [1, ''],
      onProgress: [1],
      signal: [1],
    },
  },
  imageList: {
    call: options => files.imageList(loose(options)),
    right: { name: 'x', classes: ['a'], folder: '/nowhere', images: [] },
    wrong: { ...limits, name: [1], classes: [[]], folder: [1, ''], images: ['a', [1], [{}]], cutBottom: whole },
  },
  download: {
    call: options => files.download('http://127.0.0.1:9/f', loose(options)).catch(ignoreMissing),
    right: { to: '/proc/nowhere/f', attempts: 1 },
    wrong: {
      to: [1, '', null],
      md5: ['abc', 1],
      sha256: ['abc', null],
      onProgress: ['x'],
      signal: [{}],
      attempts: [...whole, 0],
      retrySeconds: [-1, '1', null],
      idleSeconds: [0, '1', Number.POSITIVE_INFINITY],
      maximumBytes: [...whole, 0],
      fetch: ['x', null],
    },
  },
};

/** Right options of files that are not there come to this. */
function ignoreMissing(error: { code?: string }): void {
  if (!['MISSING_DATA', 'FILE_ACCESS'].includes(error.code ?? '')) throw error;
}
