import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImageFiles } from '@espalier/datasets';
import { imageFolder, imageFolderArchive, loadTask } from '@espalier/datasets/node';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-11-'));
});
afterEach(() => rm(directory, { recursive: true }));

const image = (red: number): Promise<Buffer> =>
  sharp({ create: { width: 6, height: 4, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .jpeg()
    .toBuffer();

const wanted = ['zebra/1.jpg', 'zebra/2.JPEG', 'Ant/1.png', 'big cat/1.jpg', 'élan/1.jpg'];

/** What Jupyter, macOS, Windows, NAS systems, Git, CVS and editors leave in such a folder. */
const left = [
  '.ipynb_checkpoints/1-checkpoint.jpg',
  'zebra/.ipynb_checkpoints/1-checkpoint.jpg',
  '__MACOSX/zebra/._1.jpg',
  'zebra/._1.jpg',
  'zebra/.DS_Store',
  'zebra/Thumbs.db',
  'zebra/desktop.ini',
  'zebra/1.jpg~',
  'zebra/README.txt',
  'zebra/@eaDir/1.jpg/SYNOPHOTO_THUMB_M.jpg',
  '@eaDir/a.jpg',
  '.git/objects/a.jpg',
  'CVS/a.jpg',
  'lost+found/a.jpg',
  '$RECYCLE.BIN/a.jpg',
  'nothing but text/notes.txt',
  'at-the-top.jpg',
];

async function contents(): Promise<Map<string, Buffer>> {
  const images = await Promise.all(wanted.map(async (path, i) => [path, await image(20 * i)] as const));
  return new Map([...images, ...left.map(path => [path, Buffer.from('not an image')] as const)]);
}

async function folderOf(files: ReadonlyMap<string, Buffer>, name = 'mine'): Promise<string> {
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(directory, name, path)), { recursive: true });
    await writeFile(join(directory, name, path), bytes);
  }
  await mkdir(join(directory, name, 'empty'), { recursive: true });
  return join(directory, name);
}

async function tarOf(files: ReadonlyMap<string, Buffer>): Promise<string> {
  const packed = pack();
  packed.entry({ name: 'empty/', type: 'directory' });
  for (const [name, bytes] of files) packed.entry({ name: `./${name}` }, bytes);
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  const path = join(directory, 'x.tar.gz');
  await writeFile(path, gzipSync(Buffer.concat(parts)));
  return path;
}

const classOf = (files: ImageFiles): string[] =>
  Array.from(
    { length: files.size },
    (_, i) => `${files.classes[files.label(i)]}: ${files.path(i).slice(directory.length + 1)}`,
  );

// By code unit: capital letters first, "é" (composed) last.
const classes = ['Ant', 'big cat', 'zebra', 'élan'];

describe('class folders', () => {
  it('in a folder hold the images and nothing that a tool has left', async () => {
    const files = await imageFolder(await folderOf(await contents()));
    expect(files.classes).toEqual(classes);
    expect(classOf(files)).toEqual([
      'Ant: mine/Ant/1.png',
      'big cat: mine/big cat/1.jpg',
      'zebra: mine/zebra/1.jpg',
      'zebra: mine/zebra/2.JPEG',
      'élan: mine/élan/1.jpg',
    ]);
  });

  it('in an archive are the same ones', async () => {
    const archive = await tarOf(await contents());
    const options = { name: 'x', shape: [4, 6, 3] as const, cacheDirectory: join(directory, 'cache') };
    for (const time of ['decoded', 'from the cache']) {
      const dataset = await imageFolderArchive(archive, options);
      expect([time, dataset.classes, dataset.size]).toEqual([time, classes, 5]);
    }
  });

  it('whose names are composed in another way are the same class', async () => {
    const archive = await tarOf(new Map([[`${'élan'.normalize('NFD')}/1.jpg`, await image(1)]]));
    const options = {
      name: 'x',
      shape: [4, 6, 3] as const,
      cacheDirectory: false as const,
      classes: ['élan'.normalize('NFC')],
    };
    expect((await imageFolderArchive(archive, options)).size).toBe(1);
  });

  it('that hold nothing are an error that says how they have to look', async () => {
    const folder = await folderOf(new Map(left.map(path => [path, Buffer.from('x')])));
    await expect(imageFolder(folder)).rejects.toMatchObject({ code: 'MALFORMED_DATA', source: folder });
    const archive = await tarOf(new Map(left.map(path => [path, Buffer.from('x')])));
    const options = { name: 'x', shape: [4, 6, 3] as const, cacheDirectory: false as const };
    await expect(imageFolderArchive(archive, options)).rejects.toMatchObject({ code: 'MALFORMED_DATA' });
  });

  it('may hold links, also in circles, to nowhere and to other places', async () => {
    const folder = await folderOf(await contents());
    await symlink(folder, join(folder, 'zebra', 'circle'));
    await symlink(join(folder, 'nowhere'), join(folder, 'zebra', '0.jpg'));
    await symlink(join(folder, 'Ant'), join(folder, 'Bee'));
    const files = await imageFolder(folder);
    expect(files.classes).toEqual(['Ant', 'Bee', 'big cat', 'zebra', 'élan']);
    expect(files.size).toBe(6);
  });
});

it('tasks of class folders and of lists pass over the same', async () => {
  const many = new Map<string, Buffer>();
  for (const name of ['accordion', 'yin_yang']) {
    for (let i = 1; i <= 31; i++) many.set(`101_ObjectCategories/${name}/image_${i}.jpg`, await image(i));
  }
  for (const path of left) many.set(`101_ObjectCategories/${path}`, Buffer.from('x'));
  const task = await loadTask('caltech101', { directory: await folderOf(many, 'caltech'), allowPartial: true });
  expect([task.classes, task.train.size, task.test.size]).toEqual([['accordion', 'yin_yang'], 60, 2]);

  const birds = new Map<string, Buffer>();
  for (const part of ['train', 'test']) {
    for (const path of ['wren/1.jpg', 'Crow/1.JPG']) birds.set(`${part}/${path}`, await image(1));
    for (const path of left) birds.set(`${part}/${path}`, Buffer.from('x'));
  }
  const options = { directory: await folderOf(birds, 'birds'), split: 'salman2020', allowPartial: true } as const;
  expect((await loadTask('birdsnap', options)).classes).toEqual(['Crow', 'wren']);
});
