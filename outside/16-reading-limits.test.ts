import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import { gunzip, parseIdx } from '@espalier/datasets';
import { imageFolder, imageFolderArchive, imageList, loadTask, mnistFromFolder } from '@espalier/datasets/node';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'espalier-outside-16-'));
});
afterEach(() => rm(directory, { recursive: true }));

const MiB = 2 ** 20;

/** Every expectation is about an error: what a promise rejects with. */
const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => error,
  );

async function tarOf(files: readonly (readonly [name: string, content: Buffer])[]): Promise<Buffer> {
  const packed = pack();
  for (const [name, content] of files) packed.entry({ name }, content);
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, bytes);
  return path;
}

/** One color, so that it is small however many pixels it has. */
const square = (side: number, format: 'png' | 'jpeg' | 'gif' | 'webp' | 'tiff' = 'png'): Promise<Buffer> =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#123' } })
    [format]()
    .toBuffer();

function element(type: number, bytes: Buffer): Buffer {
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(type, 0);
  tag.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([tag, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);
}
const words = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);

/** A MAT-file of level 5 with one compressed array `labels`. */
function mat(kind: number, dimensions: readonly number[], ...content: Buffer[]): Buffer {
  const header = Buffer.alloc(128, ' ');
  header.writeUInt16LE(0x0100, 124);
  header.write('IM', 126, 'latin1');
  const parts = [element(6, words(kind, 0)), element(5, words(...dimensions)), element(1, Buffer.from('labels'))];
  const whole = element(14, Buffer.concat([...parts, ...content]));
  const packed = deflateSync(whole, { level: 9 });
  const tag = Buffer.alloc(8);
  tag.writeUInt32LE(15, 0);
  tag.writeUInt32LE(packed.length, 4);
  return Buffer.concat([header, tag, packed]);
}

async function flowers(labels: Buffer): Promise<string> {
  const folder = join(directory, 'flowers');
  await mkdir(join(folder, 'jpg'), { recursive: true });
  for (const name of ['imagelabels.mat', 'setid.mat']) await writeFile(join(folder, name), labels);
  return folder;
}

/** What `code` costs: the peak of a process of its own in MiB, less that of one that only loads the package. */
async function peakOf(code: string): Promise<{ readonly said: string; readonly peak: number }> {
  const built = fileURLToPath(new URL('../packages/datasets/dist/node/index.js', import.meta.url));
  const script = `
    import * as datasets from ${JSON.stringify(built)};
    const say = error => error.code;
    const said = await (async () => { ${code} })().then(() => 'resolved', say);
    console.log(JSON.stringify({ said, peak: process.resourceUsage().maxRSS / 1024 }));`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as { said: string; peak: number };
}

describe('the reported cases, in a process of their own', () => {
  it('an archive of images of 192 MB each, in 200 KB each, costs no pixels', async () => {
    const png = await square(8000);
    const bombs = Array.from({ length: 60 }, (_, i) => [`a/${i}.png`, png] as const);
    const path = await write('bombs.tar', await tarOf(bombs));
    const idle = await peakOf('');
    const { said, peak } = await peakOf(
      `await datasets.imageFolderArchive(${JSON.stringify(path)}, { name: 'x', shape: [32, 32, 3], cacheDirectory: false });`,
    );
    expect(said).toBe('MALFORMED_DATA');
    expect(peak - idle.peak).toBeLessThan(120);
  });

  it('a MAT-file of 16 KB that unpacks to 16 MB costs a few times that', async () => {
    const folder = await flowers(mat(8, [1, 2 ** 24 - 256], element(1, Buffer.alloc(2 ** 24 - 256, 1))));
    const idle = await peakOf('');
    const { said, peak } = await peakOf(
      `await datasets.loadTask('flowers102', { directory: ${JSON.stringify(folder)}, allowPartial: true });`,
    );
    expect(said).toMatch(/MALFORMED_DATA|DATA_TOO_LARGE/);
    expect(peak - idle.peak).toBeLessThan(160);
  });
});

describe('images', () => {
  it.each(['png', 'jpeg', 'gif', 'webp', 'tiff'] as const)(
    'of too many pixels are refused by their header: %s',
    async format => {
      await mkdir(join(directory, 'a'));
      const path = await write(`a/1.${format}`, await square(2000, format));
      const files = imageList({
        name: 'x',
        classes: ['a'],
        folder: directory,
        images: [{ path: `a/1.${format}`, label: 0 }],
        maximumPixels: 1000 * 1000,
      });
      const error = await rejection(files.read(0));
      expect(error).toMatchObject({ code: 'DATA_TOO_LARGE', source: path, limit: 1_000_000, option: 'maximumPixels' });
      expect((error as Error).message).toContain(path);
      const few = await imageFolder(directory, { maximumMemory: MiB });
      expect(await rejection(few.read(0))).toMatchObject({ code: 'DATA_TOO_LARGE', option: 'maximumMemory' });
    },
  );

  it('wait for each other where memory is for one at a time', async () => {
    await mkdir(join(directory, 'a'));
    for (let i = 0; i < 6; i++) await write(`a/${i}.png`, await square(200));
    // 200 * 200 * (3 as stored + 6), and the file
    const files = await imageFolder(directory, { maximumMemory: 400_000 });
    const images = await Promise.all(Array.from({ length: 6 }, (_, i) => files.read(i)));
    expect(images.every(({ width }) => width === 200)).toBe(true);
  });

  it('in the form of documents are refused, whatever they are called', async () => {
    const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('');
    const svg = `<!DOCTYPE svg [<!ENTITY l0 "lol">${lol}]><svg xmlns="http://www.w3.org/2000/svg" width="99999" height="99999"><text>&l9;</text></svg>`;
    const path = await write('bomb.tar', await tarOf([['a/1.png', Buffer.from(svg)]]));
    const error = await rejection(imageFolderArchive(path, { name: 'x', shape: [8, 8, 3], cacheDirectory: false }));
    expect(error).toMatchObject({ code: 'MALFORMED_DATA' });
    expect((error as Error).message).toContain('a/1.png');
  });

  it('count together: an archive whose pixels do not fit is refused before one is decoded', async () => {
    const png = await square(100);
    const path = await write(
      'many.tar',
      await tarOf(Array.from({ length: 50 }, (_, i) => [`a/${i}.png`, png] as const)),
    );
    const options = { name: 'x', shape: [100, 100, 3] as const, cacheDirectory: false as const };
    expect(await rejection(imageFolderArchive(path, { ...options, maximumMemory: MiB }))).toMatchObject({
      code: 'DATA_TOO_LARGE',
      option: 'maximumMemory',
    });
    expect((await imageFolderArchive(path, { ...options, maximumMemory: 4 * MiB })).size).toBe(50);
  });
});

describe('archives', () => {
  const options = { name: 'x', shape: [8, 8, 3] as const, cacheDirectory: false as const };

  it.each([
    ['maximumEntries', 3],
    ['maximumEntryBytes', 50],
    ['maximumTotalBytes', 2000],
  ] as const)('end at %s', async (option, limit) => {
    const png = await square(8);
    const path = await write('x.tar', await tarOf(Array.from({ length: 5 }, (_, i) => [`a/${i}.png`, png] as const)));
    expect(await rejection(imageFolderArchive(path, { ...options, [option]: limit }))).toMatchObject({
      code: 'DATA_TOO_LARGE',
      option,
      limit,
    });
  });

  it('that hoard a name of gigabytes are given up after some megabytes', async () => {
    const header = (await tarOf([['././@LongLink', Buffer.alloc(0)]])).subarray(0, 512);
    header.write('L', 156);
    header.write('17777777777', 124); // 2 GiB less one byte, octal
    header.fill(' ', 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const path = await write('name.tar.gz', gzipSync(Buffer.concat([header, Buffer.alloc(100 * MiB, 'a')])));
    const { said, peak } = await peakOf(
      `await datasets.imageFolderArchive(${JSON.stringify(path)}, { name: 'x', shape: [8, 8, 3], cacheDirectory: false });`,
    );
    expect(said).toMatch(/MALFORMED_DATA|DATA_TOO_LARGE/);
    expect(peak - (await peakOf('')).peak).toBeLessThan(100);
  });

  it('that unpack without end are given up', async () => {
    const folder = join(directory, 'task');
    await mkdir(folder);
    const inner = await tarOf([['jpg/image_00001.jpg', Buffer.alloc(20 * MiB)]]);
    await writeFile(join(folder, '102flowers.tgz'), gzipSync(inner));
    for (const name of ['imagelabels.mat', 'setid.mat']) await writeFile(join(folder, name), '');
    const load = loadTask('flowers102', {
      directory: folder,
      cacheDirectory: join(directory, 'c'),
      maximumEntryBytes: MiB,
    });
    expect(await rejection(load)).toMatchObject({ code: 'DATA_TOO_LARGE', option: 'maximumEntryBytes' });
  });
});

describe('numbers', () => {
  it('MAT: arrays that hold nothing cost something each', async () => {
    const nothing = Buffer.concat(Array(2 ** 20).fill(element(14, Buffer.alloc(0))) as Buffer[]);
    const folder = await flowers(mat(1, [1, 2 ** 20], nothing));
    expect(await rejection(loadTask('flowers102', { directory: folder, allowPartial: true }))).toMatchObject({
      code: 'DATA_TOO_LARGE',
      option: 'maximumMemory',
    });
  });

  it('IDX and gzip: declared and decompressed sizes have limits', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * MiB));
    expect(await rejection(gunzip(bomb, { maximumBytes: MiB }))).toMatchObject({ code: 'DATA_TOO_LARGE' });
    const header = Uint8Array.of(0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255);
    expect(() => parseIdx(header)).toThrow(expect.objectContaining({ code: 'DATA_TOO_LARGE' }));
    await write('train-images-idx3-ubyte.gz', bomb);
    for (const option of ['maximumEntryBytes', 'maximumMemory'] as const) {
      expect(await rejection(mnistFromFolder(directory, { [option]: MiB }))).toMatchObject({
        code: 'DATA_TOO_LARGE',
        option,
      });
    }
  });

  it('class folders: files have a limit', async () => {
    await mkdir(join(directory, 'a'));
    for (let i = 0; i < 20; i++) await write(`a/${i}.png`, Buffer.alloc(1));
    expect(await rejection(imageFolder(directory, { maximumEntries: 10 }))).toMatchObject({
      code: 'DATA_TOO_LARGE',
      source: directory,
      option: 'maximumEntries',
    });
  });
});
