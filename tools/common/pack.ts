import { execFileSync } from 'node:child_process';

/** A packed package. */
export interface Tarball {
  readonly name: string;
  /** Absolute path of the `.tgz`. */
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs every package under `packages/` of a repository, as `pnpm publish` would, into a folder. */
export function packAll(root: string, folder: string): Tarball[] {
  const pnpm = ['-y', 'pnpm@12', '--filter', './packages/*', 'pack', '--json', '--pack-destination', folder];
  const output = execFileSync('npx', pnpm, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(output) as Tarball[];
}
