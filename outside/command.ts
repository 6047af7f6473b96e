import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const main = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url));

/** How a command line ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built `espalier` in a directory of its own, which lives as long as the tests of a file. */
export interface Command {
  /** Runs it; never for longer than a minute. */
  espalier(...args: readonly string[]): Promise<Ended>;
  /** A path in the directory. */
  path(...names: string[]): string;
}

export function commandForTests(): Command {
  let root = '';
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'espalier-outside-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));
  return {
    path: (...names) => join(root, ...names),
    espalier: (...args) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [main, ...args], { cwd: root, timeout: 60_000 });
        let [stdout, stderr] = ['', ''];
        child.stdout.on('data', data => {
          stdout += data;
        });
        child.stderr.on('data', data => {
          stderr += data;
        });
        child.on('error', reject);
        child.on('close', exitCode => resolve({ exitCode, stdout, stderr }));
      }),
  };
}
