// Compiles the AssemblyScript kernels of a package and writes them as base64 in TypeScript, which loads in Node,
// browsers and tests alike: `node ../../tools/assemble.mjs` in the package, whose `assembly/kernels.mjs` lists what is
// made. The results are committed; `assemble.test.ts` checks that they are what the sources compile to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import asc from 'assemblyscript/asc';

/** Flags of every kernel: as fast as can be, without a runtime, on memory that the caller makes. */
const COMMON = [
  ...['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub'],
  ...['--importMemory', '--enable', 'simd', '--use', 'abort='],
];

/**
 * Compiles `assembly/index.ts` of a package with more flags, such as `--enable relaxed-simd`; `--textFile` gives text.
 */
export async function assemble(packageFolder, flags = []) {
  const folder = join(packageFolder, 'assembly');
  let result;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...COMMON, ...flags], {
    readFile: name => {
      try {
        return readFileSync(join(folder, name), 'utf8');
      } catch {
        return null;
      }
    },
    writeFile: (_name, contents) => {
      result = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return result;
}

/** Every file that is made for a package, `[path, text]`: generated sources first, then what they all compile to. */
export async function* assembledFiles(packageFolder) {
  const { kernels, generated = [] } = await import(pathToFileURL(join(packageFolder, 'assembly/kernels.mjs')).href);
  for (const [file, text] of generated) yield [join(packageFolder, 'assembly', file), text];
  for (const { file, name, flags } of kernels) {
    const base64 = Buffer.from(await assemble(packageFolder, flags)).toString('base64');
    const comment = 'The kernels of assembly/, compiled by tools/assemble.mjs, in base64. Generated; do not edit.';
    yield [join(packageFolder, file), `/** ${comment} */\nexport const ${name} =\n  '${base64}';\n`];
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for await (const [file, text] of assembledFiles(process.cwd())) {
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
