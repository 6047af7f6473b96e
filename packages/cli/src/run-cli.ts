import { stripVTControlCharacters } from 'node:util';
import { EspalierError } from '@espalier/core';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { commands } from './commands/index.js';
import { UsageError } from './errors.js';
import type { Outcome } from './output/outcome.js';
import { version } from './version.js';

const root = defineCommand({
  meta: {
    name: 'espalier',
    version,
    description: 'Train, prune, evaluate, inspect, time and transfer sparse networks',
  },
  subCommands: commands,
});

/** Codes of errors that the command line itself is to blame for. */
const usageCodes = new Set([
  'USAGE',
  'INVALID_OPTION',
  'INVALID_DATASET_OPTION',
  'UNKNOWN_BACKEND',
  'UNKNOWN_DATASET',
  'UNKNOWN_MODEL',
]);

/** Runs one command line; gives the exit code: 0 done, 1 the work failed, 2 wrong usage, 130 or 143 interrupted. */
export async function runCli(rawArgs: readonly string[]): Promise<number> {
  const json = rawArgs.includes('--json');
  try {
    const [name, ...rest] = rawArgs;
    if (name === '--version') return print(version);
    const command = commands[name ?? ''];
    if (rawArgs.includes('--help') || rawArgs.includes('-h')) return print(await usage(command));
    if (!command) {
      throw new UsageError(
        name === undefined
          ? 'Name a command: train, prune, eval, inspect, bench or transfer.'
          : `There is no command "${name}".`,
      );
    }
    const outcome = (await runCommand(command, { rawArgs: rest })).result as Outcome;
    print(json ? JSON.stringify(outcome.json) : outcome.text);
    return outcome.exitCode;
  } catch (error) {
    const { code, message, exitCode } = explain(error);
    process.stderr.write(`${code}: ${message}\n`);
    if (json) print(JSON.stringify({ error: { code, message } }));
    return exitCode;
  }
}

function print(line: string): number {
  process.stdout.write(`${line}\n`);
  return 0;
}

/** Help in colours only where they show. */
async function usage(command: CommandDef | undefined): Promise<string> {
  const coloured = await (command ? renderUsage(command, root) : renderUsage(root));
  return process.stdout.isTTY && !process.env.NO_COLOR ? coloured : stripVTControlCharacters(coloured);
}

function explain(error: unknown): { code: string; message: string; exitCode: number } {
  if (EspalierError.isInstance(error)) {
    const { code, message } = error;
    return { code, message, exitCode: usageCodes.has(code) ? 2 : 1 };
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  if (name === 'CLIError') return { code: 'USAGE', message: stripVTControlCharacters(message), exitCode: 2 };
  return { code: 'UNEXPECTED', message: stack ?? message, exitCode: 1 };
}
