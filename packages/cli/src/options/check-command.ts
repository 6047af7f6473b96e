import { checkArguments } from '@espalier/core/node';
import type { CommandDef } from 'citty';

/** Refuses arguments that a command does not have. */
export async function checkCommand(command: CommandDef, rawArgs: readonly string[]): Promise<void> {
  checkArguments((await (typeof command.args === 'function' ? command.args() : command.args)) ?? {}, rawArgs);
}
