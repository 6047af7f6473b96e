import { checkArguments, UsageError } from '@espalier/core/node';
import type { CommandDef } from 'citty';

/** Refuses arguments that a command does not have, and says by which option a network is named. */
export async function checkCommand(command: CommandDef, rawArgs: readonly string[]): Promise<void> {
  const definitions = (await (typeof command.args === 'function' ? command.args() : command.args)) ?? {};
  try {
    checkArguments(definitions, rawArgs);
  } catch (error) {
    const option = ['from', 'model'].find(name => name in definitions);
    const isPlace = error instanceof UsageError && error.message.startsWith('There is no place for the argument');
    if (!isPlace || option === undefined) throw error;
    throw new UsageError(`${error.message} A network is named with --${option}.`, { cause: error });
  }
}
