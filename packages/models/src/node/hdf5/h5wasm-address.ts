import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { libraryMissing } from '../file-problems.js';

/** Where the library lies, for a thread that has no module to resolve it from. */
export function libraryAddress(file: string): string {
  try {
    return import.meta.resolve('h5wasm');
  } catch (cause) {
    const found = inFolders(dirname(fileURLToPath(import.meta.url)));
    if (found === undefined) throw libraryMissing(file, cause);
    return found;
  }
}

/** For hosts without `import.meta.resolve`: the nearest `node_modules` that has it. */
function inFolders(from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const entry = join(folder, 'node_modules/h5wasm/dist/esm/hdf5_hl.js');
    if (existsSync(entry)) return pathToFileURL(entry).href;
    if (dirname(folder) === folder) return undefined;
  }
}
