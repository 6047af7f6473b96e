import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { pack } from 'tar-stream';
import type { ImageFiles } from '../src/image/decoded-image.js';

/** Contents by path. */
export type Files = Record<string, Uint8Array | string>;

/** A photograph of one color, whose red channel tells it from others; exact, since it is a PNG whatever its name. */
export function photograph(red: number, height = 6, width = 8): Promise<Buffer> {
  return sharp({ create: { height, width, channels: 3, background: { r: red, g: 20, b: 30 } } })
    .png()
    .toBuffer();
}

/** One photograph for each path; the n-th has red n. */
export async function photographs(paths: readonly string[], height?: number, width?: number): Promise<Files> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path, index) => [path, await photograph(index, height, width)] as const)),
  );
}

export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

export async function tarOf(files: Files): Promise<Buffer> {
  const packed = pack();
  for (const [name, content] of Object.entries(files)) packed.entry({ name }, Buffer.from(content));
  packed.finalize();
  const parts: Buffer[] = [];
  for await (const part of packed) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

export const tarGzipOf = async (files: Files): Promise<Buffer> => gzipSync(await tarOf(files));

/** Fields of one file of a zip archive that a test may set wrong. */
export interface ZipFields {
  readonly size?: number;
  readonly crc?: number;
  readonly mode?: number;
  readonly flags?: number;
}

/** A zip archive, deflated; PKWARE's APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zipOf(files: Files, change: Record<string, ZipFields> = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const { size = bytes.length, crc = crc32(bytes), mode = 0o100644, flags = 0 } = change[name] ?? {};
    const packed = deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(flags, 2);
    common.writeUInt16LE(8, 4); // deflate
    common.writeUInt32LE(crc, 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(size, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, Buffer.from(name));
    locals.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(locals.length, 8);
  end.writeUInt16LE(locals.length, 10);
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, entries, end]);
}

/** Label and red of every image. */
export async function contentOf(files: ImageFiles): Promise<[label: number, red: number][]> {
  const found: [number, number][] = [];
  for (let index = 0; index < files.size; index++) {
    found.push([files.label(index), (await files.read(index)).pixels[0]!]);
  }
  return found;
}

/** File names of every image, by class. */
export function namesOf(files: ImageFiles): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (let index = 0; index < files.size; index++) {
    const name = files.classes[files.label(index)]!;
    found[name] = [...(found[name] ?? []), files.path(index).split('/').at(-1)!];
  }
  return found;
}
