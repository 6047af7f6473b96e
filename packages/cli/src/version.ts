import { readFileSync } from 'node:fs';

interface Manifest {
  readonly version: string;
}

const manifest: Manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/** Version of this package. */
export const version: string = manifest.version;
