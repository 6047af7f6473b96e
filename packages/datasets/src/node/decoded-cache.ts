import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ImageShape } from '../dataset.js';

/** Decoded images on their way to or from a cache file. */
export interface DecodedImages {
  readonly classes: readonly string[];
  readonly shape: ImageShape;
  readonly labels: Uint16Array;
  readonly images: Uint8Array;
}

const magic = 'espalier-decoded/1\n';

/**
 * Writes a cache file: a line of magic, a line of JSON with the SHA-256 of what follows, labels (little-endian, 16 bits), images.
 * It goes to a temporary name first, so that a reader sees all of it or nothing.
 */
export async function writeDecoded(path: string, decoded: DecodedImages): Promise<void> {
  const { classes, shape, labels, images } = decoded;
  const labelBytes = new Uint8Array(labels.length * 2);
  const view = new DataView(labelBytes.buffer);
  for (const [i, label] of labels.entries()) view.setUint16(2 * i, label, true);
  const sha256 = createHash('sha256').update(labelBytes).update(images).digest('hex');
  const header = `${magic}${JSON.stringify({ classes, shape, count: labels.length, sha256 })}\n`;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${performance.now()}.tmp`;
  try {
    await writeFile(temporary, [Buffer.from(header), labelBytes, images]);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Reads a cache file; `undefined` if there is none, or it is damaged or of another version. */
export async function readDecoded(path: string): Promise<DecodedImages | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch {
    return undefined;
  }
  if (file.toString('latin1', 0, magic.length) !== magic) return undefined;
  const end = file.indexOf(10, magic.length);
  if (end < 0) return undefined;
  try {
    const header = JSON.parse(file.toString('utf8', magic.length, end)) as Omit<DecodedImages, 'labels' | 'images'> & {
      readonly count: number;
      readonly sha256: string;
    };
    const payload = file.subarray(end + 1);
    if (createHash('sha256').update(payload).digest('hex') !== header.sha256) return undefined;
    const { classes, shape, count } = header;
    const labels = Uint16Array.from({ length: count }, (_, i) => payload.readUInt16LE(2 * i));
    return { classes, shape, labels, images: payload.subarray(2 * count) };
  } catch {
    return undefined;
  }
}
