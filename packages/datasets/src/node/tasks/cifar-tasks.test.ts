import { describe, expect, it } from 'vitest';
import { contentOf, type Files, tarGzipOf } from '../../../test/miniature.js';
import { taskDirectory } from '../../../test/task-folder.js';

const directory = taskDirectory();

/** Labels, then a red plane of `red`, then green and blue ones of 0. */
const record = (labels: number[], red: number): Buffer =>
  Buffer.concat([Buffer.from(labels), Buffer.alloc(1024, red), Buffer.alloc(2048)]);

describe('CIFAR-100', () => {
  const files = (test = record([0, 1], 99)): Files => ({
    'cifar-100-binary/fine_label_names.txt': 'apple\naquarium_fish\nworm\n',
    'cifar-100-binary/coarse_label_names.txt': 'fruit\n',
    'cifar-100-binary/train.bin': Buffer.concat([record([5, 2], 7), record([6, 0], 255)]),
    'cifar-100-binary/test.bin': test,
  });

  it('has the fine labels and planes of colors, from the archive as published', async () => {
    const task = await directory.load('cifar100', { 'cifar-100-binary.tar.gz': await tarGzipOf(files()) });
    expect([task.metric, task.classes]).toEqual(['top-1', ['apple', 'aquarium_fish', 'worm']]);
    expect(await contentOf(task.train)).toEqual([
      [2, 7],
      [0, 255],
    ]);
    const { height, width, pixels } = await task.test.read(0);
    expect([task.test.label(0), height, width, ...pixels.subarray(0, 6)]).toEqual([1, 32, 32, 99, 0, 0, 99, 0, 0]);
  });

  it.each([
    ['a record that is cut', record([0, 1], 1).subarray(1)],
    ['a label that has no name', record([0, 3], 1)],
    ['nothing', Buffer.alloc(0)],
  ])('refuses %s', async (_, test) => {
    await expect(directory.load('cifar100', files(test))).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
  });
});

describe('CIFAR-10', () => {
  it('is read from the binary files as published', async () => {
    const names = ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'];
    const files = Object.fromEntries(names.map((name, i) => [`cifar-10-batches-bin/${name}.bin`, record([i], 10 * i)]));
    const task = await directory.load(
      'cifar10',
      { 'cifar-10-binary.tar.gz': await tarGzipOf(files) },
      { allowPartial: false },
    );
    expect([task.metric, task.classes.length]).toEqual(['top-1', 10]);
    expect(await contentOf(task.train)).toEqual([0, 1, 2, 3, 4].map(i => [i, 10 * i]));
    expect(await contentOf(task.test)).toEqual([[5, 50]]);
  });

  it('that is nowhere says where it looked', async () => {
    await expect(directory.load('cifar10', {})).rejects.toMatchObject({ code: 'MISSING_DATA' });
  });
});
