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

interface Header extends Pick<DecodedImages, 'classes' | 'shape'> {
  readonly count: number;
}

const magic = 'espalier-decoded/1\n';

/**
 * Writes a cache file: a line of magic, the SHA-256 of all that follows, a line of JSON, labels (little-endian, 16 bits), images.
 * It goes to a temporary name first, so that a reader sees all of it or nothing.
 */
export async function writeDecoded(path: string, decoded: DecodedImages): Promise<void> {
  const { classes, shape, labels, images } = decoded;
  const labelBytes = new Uint8Array(labels.length * 2);
  const view = new DataView(labelBytes.buffer);
  for (const [i, label] of labels.entries()) view.setUint16(2 * i, label, true);
  const header = Buffer.from(`${JSON.stringify({ classes, shape, count: labels.length })}\n`);
  const hash = createHash('sha256').update(header).update(labelBytes).update(images).digest();
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${performance.now()}.tmp`;
  try {
    await writeFile(temporary, [Buffer.from(magic), hash, header, labelBytes, images]);
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
  const body = file.subarray(magic.length + 32);
  if (file.toString('latin1', 0, magic.length) !== magic) return undefined;
  if (
    !createHash('sha256')
      .update(body)
      .digest()
      .equals(file.subarray(magic.length, magic.length + 32))
  )
    return undefined;
  const end = body.indexOf('\n');
  const { classes, shape, count } = JSON.parse(body.toString('utf8', 0, end)) as Header;
  const payload = body.subarray(end + 1);
  const labels = Uint16Array.from({ length: count }, (_, i) => payload.readUInt16LE(2 * i));
  return { classes, shape, labels, images: payload.subarray(2 * count) };
}
