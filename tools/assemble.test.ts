import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Assemble {
  assembledFiles(packageFolder: string): AsyncIterable<[file: string, text: string]>;
}
const { assembledFiles } = (await import(new URL('./assemble.mjs', import.meta.url).href)) as Assemble;

test.each([
  ['backend', 2], // 2 instruction sets
  ['prune-woodfisher', 1],
  ['runtime', 15], // 5 widths of rows and of products, 3 of quads, 2 instruction sets
])(
  'what is generated and compiled for %s is committed byte for byte',
  async (name, count) => {
    let files = 0;
    for await (const [file, text] of assembledFiles(fileURLToPath(new URL(`../packages/${name}`, import.meta.url)))) {
      expect(await readFile(file, 'utf8'), file).toBe(text);
      files++;
    }
    expect(files).toBe(count);
  },
  120_000,
);
