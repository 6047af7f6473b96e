import type { Header } from 'tar-stream';
import { UnsafeArchiveError } from '../errors.js';
import { checkEntryName } from './archive-entry.js';

/** True for a file, false for a directory; anything else is refused. */
export function checkTarEntry(path: string, { name, type, pax }: Header): boolean {
  checkEntryName(path, name);
  if (Object.keys(pax ?? {}).some(key => key.startsWith('GNU.sparse.'))) {
    throw new UnsafeArchiveError(path, name, 'is a sparse file, not a plain one');
  }
  if (type === 'file' || type === 'contiguous-file') return true;
  if (type === 'directory') return false;
  throw new UnsafeArchiveError(path, name, `is a ${type ?? 'thing of unknown type'}, not a file or directory`);
}
