import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Problem } from '../common/problem.js';
import type { ExampleModule } from './compile.js';

const run = promisify(execFile);

/** Lines of output kept of a failed example. */
const KEPT_LINES = 12;

/**
 * Runs every example marked so, each in a process and an empty folder of its own.
 *
 * @param limit - Milliseconds one example may take.
 */
export async function executionProblems(modules: readonly ExampleModule[], limit: number): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const module of modules.filter(({ example }) => example.runs)) problems.push(...(await execute(module, limit)));
  return problems;
}

async function execute({ example, program }: ExampleModule, limit: number): Promise<Problem[]> {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-example-'));
  try {
    await run(process.execPath, ['--enable-source-maps', program], {
      cwd: folder,
      timeout: limit,
      killSignal: 'SIGKILL',
    });
    return [];
  } catch (error) {
    const { killed, stdout = '', stderr = '' } = error as { killed?: boolean; stdout?: string; stderr?: string };
    const output = `${stdout}${stderr}`.trim().split('\n').slice(-KEPT_LINES).join('\n  ');
    const reason = killed ? `did not end within ${limit / 1000} s` : 'failed';
    return [{ where: `${example.file}:${example.line}`, what: `the example ${reason}\n  ${output}` }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
