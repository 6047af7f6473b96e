import { stripVTControlCharacters } from 'node:util';
import { nearestName, visibleJson } from '@espalier/core';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { commands } from './commands/index.js';
import { UsageError } from './errors.js';
import { checkCommand } from './options/check-command.js';
import { explain, messageLines } from './output/explain.js';
import { guardConsole } from './output/guard-console.js';
import { linesForPeople } from './output/lines.js';
import type { Outcome } from './output/outcome.js';
import { wrapHelp } from './output/wrap-help.js';
import { keepStreamErrors, write } from './output/write.js';
import { version } from './version.js';

const root = defineCommand({
  meta: {
    name: 'espalier',
    version,
    description: 'Train, prune, evaluate, inspect, time and transfer sparse networks',
  },
  subCommands: Object.fromEntries(commands),
});

/** Runs one command line; gives the exit code: 0 done, 1 the work failed, 2 wrong usage, 130 or 143 interrupted. */
export async function runCli(rawArgs: readonly string[]): Promise<number> {
  const json = rawArgs.some(argument => argument === '--json' || argument === '--json=true');
  keepStreamErrors();
  const releaseConsole = guardConsole();
  try {
    const [name, ...rest] = rawArgs;
    if (name === '--version') return await print(version);
    const command = commands.get(name ?? '');
    if (rawArgs.includes('--help') || rawArgs.includes('-h')) return await print(await usage(command));
    if (!command) throw new UsageError(name === undefined ? `Name a command: ${listed()}.` : unknownCommand(name));
    await checkCommand(command, rest);
    const outcome = (await runCommand(command, { rawArgs: rest })).result as Outcome;
    await print(json ? visibleJson(outcome.json) : linesForPeople(outcome.lines));
    return outcome.exitCode;
  } catch (error) {
    const { code, message, lines, exitCode } = explain(error);
    const shown = `${linesForPeople([...messageLines(code, message), ...lines])}\n`;
    // Whoever closed both streams, or filled the disk under them, still gets the exit code.
    await write('stderr', shown).catch(() => {});
    if (json) await print(visibleJson({ error: { code, message } })).catch(() => {});
    return exitCode;
  } finally {
    releaseConsole();
  }
}

async function print(text: string): Promise<number> {
  await write('stdout', `${text}\n`);
  return 0;
}

function listed(): string {
  const names = [...commands.keys()];
  return `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function unknownCommand(name: string): string {
  const meant = nearestName(name, [...commands.keys()]);
  return `There is no command "${name}". ${meant === undefined ? `Known: ${listed()}.` : `Did you mean ${meant}?`}`;
}

/** Help as wide as the terminal, in colors only where they show. */
async function usage(command: CommandDef | undefined): Promise<string> {
  const colored = await (command ? renderUsage(command, root) : renderUsage(root));
  const text = process.stdout.isTTY && !process.env.NO_COLOR ? colored : stripVTControlCharacters(colored);
  return wrapHelp(text, Math.min(process.stdout.columns ?? 100, 140));
}
