// Compiles assembly/ and writes the result into src/wasm/module/kernel-binary.ts, base64 in TypeScript so that it loads in Node,
// browsers and tests alike. `npm run build` runs it; a test checks that the committed file is what it makes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const directory = fileURLToPath(new URL('.', import.meta.url));

/** The compiled module as the text of `kernel-binary.ts`. */
export async function compile() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'index.ts', '--outFile', 'kernels.wasm', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert',
      '--runtime', 'stub', '--importMemory', '--enable', 'simd', '--use', 'abort=',
    ],
    {
      readFile: (name, base) => {
        try {
          return readFileSync(`${directory}${name}`, 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const base64 = Buffer.from(binary).toString('base64');
  return (
    '/** The kernels of assembly/, compiled by assembly/build.mjs, in base64. Generated; do not edit. */\n' +
    `export const kernelBinary =\n  '${base64}';\n`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = fileURLToPath(new URL('../src/wasm/module/kernel-binary.ts', import.meta.url));
  const text = await compile();
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}
