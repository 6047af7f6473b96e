import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { makeDirectory, writeFileAtomic } from '@espalier/core/node';
import type { ImageShape } from '../../batch/dataset.js';
import { readWhole } from '../file-system.js';

/** Decoded images on their way to or from a cache file. */
export interface DecodedImages {
  readonly classes: readonly string[];
  readonly shape: ImageShape;
  readonly labels: Uint16Array;
  readonly images: Uint8Array;
}

interface Header extends Pick<DecodedImages, 'classes' | 'shape'> {
  readonly count: number;
}

/** The number counts changes of what becomes of an archive: files that are passed over, colors. */
const magic = 'espalier-decoded/2\n';

/**
 * Writes a cache file: a line of magic, the SHA-256 of all that follows, a line of JSON, labels (little-endian, 16
 * bits), images. It goes to a temporary name first, so that a reader sees all of it or nothing.
 */
export async function writeDecoded(path: string, decoded: DecodedImages): Promise<void> {
  const { classes, shape, labels, images } = decoded;
  const labelBytes = new Uint8Array(labels.length * 2);
  const view = new DataView(labelBytes.buffer);
  for (const [i, label] of labels.entries()) view.setUint16(2 * i, label, true);
  const header = Buffer.from(`${JSON.stringify({ classes, shape, count: labels.length })}\n`);
  const hash = createHash('sha256').update(header).update(labelBytes).update(images).digest();
  await makeDirectory(dirname(path));
  await writeFileAtomic(path, [Buffer.from(magic), hash, header, labelBytes, images]);
}

/** Reads a cache file; `undefined` if there is none, it cannot be read, is too large, damaged or of another version. */
export async function readDecoded(path: string, maximumBytes: number): Promise<DecodedImages | undefined> {
  const file = await readWhole(path, maximumBytes).catch(() => undefined);
  return file && parseDecoded(file);
}

function parseDecoded(file: Buffer): DecodedImages | undefined {
  const start = magic.length + 32;
  const body = file.subarray(start);
  if (file.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (!createHash('sha256').update(body).digest().equals(file.subarray(magic.length, start))) return undefined;
  const end = body.indexOf('\n');
  const { classes, shape, count } = JSON.parse(body.toString('utf8', 0, end)) as Header;
  const payload = body.subarray(end + 1);
  const labels = Uint16Array.from({ length: count }, (_, i) => payload.readUInt16LE(2 * i));
  return { classes, shape, labels, images: payload.subarray(2 * count) };
}
