// Compiles assembly/ twice and writes src/engine/kernel-binary-{simd,relaxed-simd}.ts, base64 in TypeScript so that it loads
// in Node, browsers and tests alike. `npm run build` runs it; a test checks that the committed files are what it makes.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { generated } from './generate.mjs';

const directory = fileURLToPath(new URL('.', import.meta.url));

/** Both instruction sets, in the order in which an engine would rather have them. */
export const instructionSets = ['relaxed-simd', 'simd'];

/** The file of one instruction set, relative to this one. */
export function target(instructions) {
  return fileURLToPath(new URL(`../src/engine/kernel-binary-${instructions}.ts`, import.meta.url));
}

/** The compiled module, and its text form for whoever wants to read it. */
export async function assemble(instructions, format = []) {
  let binary;
  const features = instructions === 'simd' ? ['--enable', 'simd'] : ['--enable', 'simd', '--enable', 'relaxed-simd'];
  const { error, stderr } = await asc.main(
    // The maximum makes the memory import's limits a flags byte, a minimum and a maximum; the engine sets the flag
    // "shared" itself where the memory is.
    [
      'index.ts', '--outFile', 'kernels.wasm', '--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime',
      'stub', '--importMemory', '--maximumMemory', '65536', '--noExportMemory', '--use', 'abort=', ...features, ...format,
    ],
    {
      readFile: (name, base) => {
        try {
          return generated(name) ?? readFileSync(`${directory}${name}`, 'utf8');
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
  return binary;
}

/** The compiled module as the text of `kernel-binary-*.ts`. */
export async function compile(instructions) {
  const base64 = Buffer.from(await assemble(instructions)).toString('base64');
  const name = instructions === 'simd' ? 'simdBinary' : 'relaxedSimdBinary';
  return (
    `/** The kernels of assembly/ for ${instructions}, compiled by assembly/build.mjs, in base64. Generated; do not edit. */\n` +
    `export const ${name} =\n  '${base64}';\n`
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const instructions of instructionSets) {
    const text = await compile(instructions);
    const file = target(instructions);
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
  }
}
