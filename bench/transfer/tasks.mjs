/**
 * What each upstream network is transferred to. A network that was trained on MNIST takes gray images, so it gets the
 * embedded digits (another selection of NIST's) and a part of CIFAR-10 in gray; one that was trained on CIFAR-10 gets
 * Caltech-101 at 32 pixels and a part of MNIST in color. CIFAR-10 itself would be no transfer there.
 */
import { channelStatistics, embeddedDigits, mnistNormalization, subset } from '@espalier/datasets';
import { loadDataset, loadTask } from '@espalier/datasets/node';

/** Images at equal distances, because those of a class may stand together. */
const some = (dataset, count) =>
  subset(
    dataset,
    Array.from({ length: Math.min(count, dataset.size) }, (_, index) =>
      Math.floor((index * dataset.size) / Math.min(count, dataset.size)),
    ),
  );

/** The same files, decoded once; for small images, which fit into memory. */
function decodedOnce(files) {
  const decoded = new Map();
  return {
    name: files.name,
    classes: files.classes,
    size: files.size,
    label: index => files.label(index),
    path: index => files.path(index),
    read: index => {
      if (!decoded.has(index)) decoded.set(index, files.read(index));
      return decoded.get(index);
    },
  };
}

/** The middle 28x28 pixels of color images, as the mean of the channels. */
function gray(dataset) {
  const side = 28;
  const [height, width, channels] = dataset.shape;
  const [top, left] = [(height - side) / 2, (width - side) / 2];
  const image = new Float32Array(height * width * channels);
  return {
    name: `${dataset.name}/grey`,
    classes: dataset.classes,
    size: dataset.size,
    shape: [side, side, 1],
    label: index => dataset.label(index),
    copyImage: (index, target, offset) => {
      dataset.copyImage(index, image, 0);
      for (let i = 0; i < side * side; i++) {
        const at = ((top + Math.floor(i / side)) * width + left + (i % side)) * channels;
        target[offset + i] = image.subarray(at, at + channels).reduce((sum, value) => sum + value, 0) / channels;
      }
    },
  };
}

const part = ({ train, test }) => ({ train: some(train, 5000), test: some(test, 2000) });
const threefold = ({ mean, std }) => ({ mean: [...mean, ...mean, ...mean], std: [...std, ...std, ...std] });

/** @type {Record<string, Record<string, () => Promise<import('@espalier/transfer').TransferTask>>>} */
export const tasksOf = {
  mnist: {
    digits: async () => ({ name: 'digits', metric: 'top-1', ...(await embeddedDigits()) }),
    'cifar10-grey': async () => {
      const { train, test } = part(await loadDataset('cifar10'));
      const images = { train: gray(train), test: gray(test) };
      return { name: 'cifar10-grey', metric: 'top-1', ...images, normalization: channelStatistics(images.train) };
    },
  },
  cifar10: {
    caltech101: async () => {
      const task = await loadTask('caltech101');
      return { ...task, train: decodedOnce(task.train), test: decodedOnce(task.test) };
    },
    'mnist-5000': async () => {
      const images = part(await loadDataset('mnist'));
      return { name: 'mnist-5000', metric: 'top-1', ...images, normalization: threefold(mnistNormalization) };
    },
  },
};
