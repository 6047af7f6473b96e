import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('is byte for byte what assembly/ compiles to', async () => {
  const { compile } = (await import(fileURLToPath(new URL('../../../assembly/build.mjs', import.meta.url)))) as {
    compile(): Promise<string>;
  };
  const committed = await readFile(fileURLToPath(new URL('./kernel-binary.ts', import.meta.url)), 'utf8');
  expect(committed).toBe(await compile());
});
