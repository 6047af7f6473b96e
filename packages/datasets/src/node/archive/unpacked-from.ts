import { relative, sep } from 'node:path';

/** An archive, and the folder that it was unpacked into. */
export interface UnpackedFrom {
  readonly archive: string;
  readonly folder: string;
}

/** How messages name a file: by its path, or, if it was unpacked, by the archive and its path in there. */
export function sourceName(path: string, from: UnpackedFrom | undefined): string {
  return from ? `${from.archive}: ${relative(from.folder, path).split(sep).join('/')}` : path;
}
