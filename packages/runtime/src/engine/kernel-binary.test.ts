import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Build {
  readonly instructionSets: readonly string[];
  compile(instructions: string): Promise<string>;
  target(instructions: string): string;
}

const build = (await import(fileURLToPath(new URL('../../assembly/build.mjs', import.meta.url)))) as Build;

test.each(build.instructionSets)(
  'the committed %s kernels are byte for byte what assembly/ compiles to',
  async instructions => {
    expect(await readFile(build.target(instructions), 'utf8')).toBe(await build.compile(instructions));
  },
);
