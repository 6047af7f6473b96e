import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of a repository's files that are there: what git tracks, and what it would track. */
export function repositoryFiles(root: string): string[] {
  const options = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', options, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 }).split('\0');
  return files.filter(file => file !== '' && existsSync(join(root, file)));
}
