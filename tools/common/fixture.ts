import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** File contents by path. */
export type Files = Readonly<Record<string, string>>;

/** A temporary folder for a test that checks a tool on files of its own. */
export class Fixture {
  readonly root: string = mkdtempSync(join(tmpdir(), 'espalier-tools-'));

  write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), text);
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true });
  }
}
