import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { cruise, format, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { isProgram } from './common/problem.js';
import { repositoryRoot } from './common/workspace.js';

/** Graphviz in WebAssembly, which needs no installation. */
const graphviz = ['-y', '-p', '@hpcc-js/wasm-graphviz-cli@1.11.2', 'wasm-graphviz-cli', '-K', 'dot', '-T', 'svg'];

/** Drawings by file, and the paths that become one box each. */
const drawings: Readonly<Record<string, string>> = {
  'docs/imports-packages.svg': '^packages/[^/]+',
  // A folder below `src`; the files beside such folders are one box.
  'docs/imports-rooms.svg': '^packages/[^/]+/src/[^/]+(?=/)|^packages/[^/]+/src(?=/[^/]+\\.ts$)',
};

/** All imports between published sources; tests and their helpers left out. */
async function importsOf(root: string): Promise<ICruiseResult> {
  const fileName = resolve(root, 'tsconfig.json');
  const rules = await extractOptions(resolve(import.meta.dirname, '../.dependency-cruiser.mjs'));
  const options: ICruiseOptions = {
    ...rules,
    baseDir: root,
    tsConfig: { fileName },
    validate: false,
    includeOnly: { path: '^packages/[^/]+/src/' },
    exclude: { path: '(\\.test\\.ts$|/testing/|\\.d\\.ts$)' },
  };
  const { output } = await cruise(['packages'], options, {}, { tsConfig: extractTsConfig(fileName) });
  return output as ICruiseResult;
}

/** A graph in Graphviz's language as SVG. */
function svgOf(dot: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-drawing-'));
  try {
    const file = join(folder, 'imports.dot');
    writeFileSync(file, dot);
    const svg = execFileSync('npx', [...graphviz, file], { encoding: 'utf8', maxBuffer: 2 ** 28 });
    return svg.replace(/<\/?a\b[^>]*>/g, ''); // links to folders, which lead nowhere on the site
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (isProgram(import.meta.filename)) {
  const imports = await importsOf(repositoryRoot);
  for (const [file, box] of Object.entries(drawings)) {
    const { output } = await format(imports, { outputType: 'archi', collapse: box });
    const svg = svgOf(output as string);
    writeFileSync(join(repositoryRoot, file), svg);
    console.log(`${file}: ${svg.match(/class="edge"/g)?.length ?? 0} arrows`);
  }
}
