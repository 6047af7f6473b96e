import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built command in a scratch directory, which lives as long as the tests of the file. */
export interface Program {
  /** A path in the directory. */
  path(...names: string[]): string;
  /** Runs it. SIGINT is sent once, as soon as this is on standard error. */
  espalier(args: readonly string[], interruptAt?: string): Promise<Ended>;
  /** The one JSON object on standard output. */
  json(args: readonly string[]): Promise<Record<string, unknown>>;
  /** A file in base 64. */
  bytes(...names: string[]): Promise<string>;
}

/** Few steps of a small network on synthetic images. */
export const quick: readonly string[] = [
  ...['--dataset', 'synthetic', '--model', 'lenet300', '--batch-size', '16', '--backend', 'wasm', '--seed', '3'],
];

export function programForTests(): Program {
  let root: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'espalier-cli-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const espalier: Program['espalier'] = (args, interruptAt) => {
    const child = spawn(process.execPath, [main, ...args], { cwd: root });
    return new Promise((resolve, reject) => {
      let [stdout, stderr, interrupted] = ['', '', false];
      child.stdout.on('data', data => {
        stdout += data;
      });
      child.stderr.on('data', data => {
        stderr += data;
        if (interrupted || interruptAt === undefined || !stderr.includes(interruptAt)) return;
        interrupted = child.kill('SIGINT');
      });
      child.on('error', reject);
      child.on('close', exitCode => resolve({ exitCode, stdout, stderr }));
    });
  };
  return {
    espalier,
    path: (...names) => join(root, ...names),
    json: async args => {
      const { exitCode, stdout, stderr } = await espalier([...args, '--json']);
      expect(exitCode, stderr).toBe(0);
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      return JSON.parse(stdout);
    },
    bytes: async (...names) => (await readFile(join(root, ...names))).toString('base64'),
  };
}
