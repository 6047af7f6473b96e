import { spawn } from 'node:child_process';

/** What a program printed, and how it ended; `code` is null when it could not be started or was stopped. */
export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a program. */
export interface ProgramOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Runs a program without a shell and collects what it prints; never throws. */
export function runProgram(
  program: string,
  parameters: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { cwd = process.cwd(), env = process.env, timeoutMs = 60_000 } = options;
  return new Promise(resolve => {
    const child = spawn(program, parameters, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', error => resolve({ code: null, stdout, stderr: stderr || error.message }));
    child.on('close', (code, signal) => {
      resolve({ code, stdout, stderr: signal === null ? stderr : `${stderr}\nstopped by ${signal}`.trimStart() });
    });
  });
}

/**
 * What matters of a failed program's output, for a message: from the first error on, else the end, at most 12 lines.
 */
export function gist({ stdout, stderr }: ProgramResult): string {
  const lines = (stderr.trim() || stdout.trim() || 'It printed nothing.').split('\n');
  const first = lines.findIndex(line => /error:/i.test(line));
  const shown = first < 0 ? lines.slice(-12) : lines.slice(first, first + 12);
  return shown.filter(line => !/^\s+at .*\(?node:/.test(line)).join('\n');
}
