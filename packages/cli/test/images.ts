import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';

/** An image of one color, as a PNG. */
const image = (red: number, green: number): Promise<Buffer> =>
  sharp({ create: { height: 12, width: 16, channels: 3, background: { r: red, g: green, b: 20 } } })
    .png()
    .toBuffer();

/** Writes so many images of each class; those of the first class are red, those of the second green, then dark. */
export async function writeClasses(folder: string, counts: Readonly<Record<string, number>>): Promise<void> {
  const colors = [
    [230, 20],
    [20, 230],
    [20, 20],
  ] as const;
  for (const [label, [name, count]] of Object.entries(counts).entries()) {
    mkdirSync(join(folder, name), { recursive: true });
    for (let index = 0; index < count; index++) {
      const [red, green] = colors[label] ?? [99, 99];
      writeFileSync(join(folder, name, `${index}.png`), await image(red + index, green + index));
    }
  }
}

export function writeText(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A directory for the tests of a file. */
export function scratch(): (...names: string[]) => string {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'espalier-images-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (...names) => join(root, ...names);
}
