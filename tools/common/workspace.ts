import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The fields of a package.json that the tools read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly description?: string;
  readonly license?: string;
  readonly type?: string;
  readonly main?: string;
  readonly private?: boolean;
  readonly sideEffects?: boolean | readonly string[];
  readonly keywords?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly publishConfig?: Readonly<Record<string, string>>;
  /** Ours: the creators of a method package that holds a family. */
  readonly espalier?: { readonly creators?: readonly string[] };
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Name of its folder under `packages/`. */
  readonly folder: string;
  /** Absolute path. */
  readonly path: string;
  readonly manifest: Manifest;
}

/** Root of this repository. */
export const repositoryRoot: string = resolve(import.meta.dirname, '../..');

/** Every package under `packages/` of a repository, by name. */
export function workspacePackages(root: string): WorkspacePackage[] {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .sort()
    .map(folder => ({ folder, path: join(packages, folder) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map(entry => ({
      ...entry,
      manifest: JSON.parse(readFileSync(join(entry.path, 'package.json'), 'utf8')) as Manifest,
    }));
}
