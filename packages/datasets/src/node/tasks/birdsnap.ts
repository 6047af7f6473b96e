import { imagenetNormalization } from '../../batch/normalization.js';
import { MalformedDataError } from '../../errors.js';
import type { ReadLimits } from '../../read-limits.js';
import { filesBelow } from '../images/files-below.js';
import { imageList } from '../images/image-list.js';
import { imagesByClass } from './class-folders.js';
import { readLines } from './read-text.js';
import type { TaskParts } from './task.js';
import type { TaskFolder, TaskSource } from './task-source.js';
import { namedLists } from './text-lists.js';

/**
 * Birdsnap (Berg et al. 2014): a list of photographs on the web. About a fifth of them are gone, and which ones depends
 * on when they were downloaded. `'official'` reads its lists and takes what is there; `'salman2020'` reads class
 * folders that have been split already.
 */
export const birdsnap: TaskSource = {
  description: {
    name: 'birdsnap',
    title: 'Birdsnap',
    classCount: 500,
    trainSize: 32_677,
    testSize: 8171,
    metric: 'top-1',
    learningRateFull: 0.001,
    normalization: imagenetNormalization,
    downloads: [],
    layout:
      'for the official split images.txt (tab-separated, with a column path), test_images.txt (a line path, then one path a line) ' +
      'and the folder images that the paths begin at, as <class>/<photograph>.jpg, as its get_birdsnap.py leaves them; for the ' +
      'split salman2020 the folders train and test, each with one folder of .jpg files for each class',
  },
  mirrors: [],
  files: [],
  read: async (folder, { split }) => (split === 'official' ? readLists(folder) : readFolders(folder)),
};

async function readFolders(folder: TaskFolder): Promise<TaskParts> {
  const [trainFolder, testFolder] = [await folder.find(['train']), await folder.find(['test'])];
  const { limits } = folder;
  const [train, test] = [await imagesByClass(trainFolder, limits), await imagesByClass(testFolder, limits)];
  const classes = [...train.keys()];
  const strange = [...test.keys()].find(name => !train.has(name));
  if (strange !== undefined) throw new MalformedDataError(testFolder, `class ${strange} is not in ${trainFolder}`);
  const list = (part: string, root: string, byClass: ReadonlyMap<string, readonly string[]>) => {
    const images = classes.flatMap((name, label) => (byClass.get(name) ?? []).map(path => ({ path, label })));
    return imageList({ ...limits, name: `birdsnap/${part}`, classes, folder: root, images });
  };
  return { classes, train: list('train', trainFolder, train), test: list('test', testFolder, test) };
}

async function readLists(folder: TaskFolder): Promise<TaskParts> {
  const [list, testList] = [await folder.find(['images.txt']), await folder.find(['test_images.txt'])];
  const images = await folder.find(['images']);
  const { limits } = folder;
  const there = new Set(await filesBelow(images, limits));
  const everything = await column(list, 'path', limits);
  const testing = new Set(await column(testList, 'path', limits));
  const named = (paths: readonly string[]) =>
    paths.filter(path => there.has(path)).map(path => [path, path.split('/')[0]!] as const);
  const train = { source: list, images: named(everything.filter(path => !testing.has(path))) };
  const test = { source: testList, images: named([...testing]) };
  const classes = [...new Set(everything.map(path => path.split('/')[0]!))].sort();
  return {
    classes,
    ...(await namedLists({ name: 'birdsnap', classes, folder: images, train, test, allowPartial: true, limits })),
  };
}

/** One column of a tab-separated file whose first line names the columns. */
async function column(source: string, name: string, limits: ReadLimits): Promise<string[]> {
  const [header = '', ...lines] = await readLines(source, limits);
  const index = header
    .split('\t')
    .map(title => title.trim())
    .indexOf(name);
  if (index < 0) throw new MalformedDataError(source, `its first line does not name a column "${name}"`);
  return lines.map((line, number) => {
    const value = line.split('\t')[index]?.trim();
    if (!value) throw new MalformedDataError(source, `line ${number + 2} has no ${name}`);
    return value;
  });
}
