import { posix } from 'node:path';

/** The paths that a citation may name: every file of a tree and every folder above one, from the root. */
export class Tree {
  readonly #paths: ReadonlySet<string>;

  constructor(files: readonly string[]) {
    this.#paths = new Set(files.flatMap(file => [file, ...above(file)]));
  }

  has(path: string): boolean {
    return this.#paths.has(posix.normalize(path).replace(/\/$/, ''));
  }

  /** Whether a path that stands in `file` names something: from the file's folder, or from any folder above it. */
  reaches(file: string, path: string): boolean {
    return above(file).some(folder => this.has(posix.join(folder, path)));
  }
}

/** Folders above a file, the nearest first and the root, `.`, last. */
function above(file: string): string[] {
  const folder = posix.dirname(file);
  return folder === '.' ? ['.'] : [folder, ...above(folder)];
}
