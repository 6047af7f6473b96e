#!/usr/bin/env node
import { stripVTControlCharacters } from 'node:util';
import { EspalierError, nearestName, visibleJson, visibleText } from '@espalier/core';
import { checkArguments, UsageError } from '@espalier/core/node';
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty';
import { installNative, NativeInstallError } from './node/install-native/index.js';

const installArguments = {
  tensorflow: { type: 'string', description: 'Virtual environment or folder with TensorFlow', valueHint: 'path' },
  'node-package': { type: 'string', description: 'Folder of tfjs-node or tfjs-node-gpu', valueHint: 'folder' },
  gpu: { type: 'boolean', description: 'Build tfjs-node-gpu against a TensorFlow with CUDA', default: false },
  json: { type: 'boolean', description: 'Print the outcome as JSON', default: false },
} as const;

const install = defineCommand({
  meta: {
    name: 'install-native',
    description: 'Build the native addon of tfjs-node against an installed pip TensorFlow and check that it trains',
  },
  args: installArguments,
  run: async ({ args: { tensorflow, gpu, json, 'node-package': nodePackage } }) => {
    const installation = await installNative({
      gpu,
      tensorflow,
      nodePackage,
      onProgress: stage => console.error(shown(`${stage} …`)),
    });
    if (json) {
      print(installation);
      return 0;
    }
    const { losses, tensorflowVersion, addon } = installation;
    console.log(shown(`Done: ${installation.nodePackage} now trains on TensorFlow ${tensorflowVersion}.`));
    console.log(`Losses of the check: ${losses.map(loss => loss.toFixed(3)).join(', ')}`);
    console.log(shown(`Addon: ${addon}`));
    if (gpu && !installation.usesGpu)
      console.log('It sees no GPU here: check nvidia-smi, and that the wheel came with its CUDA libraries.');
    return 0;
  },
});

function print(value: object): void {
  console.log(visibleJson(value));
}

/** Text for people; what a program that failed said, and paths in it, must not steer the terminal. */
function shown(text: string): string {
  return text
    .split('\n')
    .map(line => visibleText(line))
    .join('\n');
}

const commands: ReadonlyMap<string, CommandDef> = new Map([['install-native', install as unknown as CommandDef]]);
const root = defineCommand({
  meta: { name: 'espalier-backend', description: 'TensorFlow.js backends for training' },
  subCommands: Object.fromEntries(commands),
});

/** Gives the exit code: 0 done, 1 the work failed, 2 wrong usage. */
async function run(rawArgs: readonly string[]): Promise<number> {
  const [name = '', ...rest] = rawArgs;
  const command = commands.get(name);
  if (rawArgs.includes('--help') || rawArgs.includes('-h')) {
    const help = await (command ? renderUsage(command, root) : renderUsage(root));
    console.log(process.stdout.isTTY && !process.env.NO_COLOR ? help : stripVTControlCharacters(help));
    return 0;
  }
  try {
    if (!command) throw new UsageError(name === '' ? `Name a command: ${listed()}.` : unknownCommand(name));
    checkArguments(installArguments, rest);
    return (await runCommand(command, { rawArgs: rest })).result as number;
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    const { code, message } = error;
    if (rawArgs.includes('--json')) print({ code, message });
    else
      console.error(
        shown(
          error instanceof NativeInstallError ? `${code}: ${error.problem}\n${error.remedy}` : `${code}: ${message}`,
        ),
      );
    return error instanceof UsageError ? 2 : 1;
  }
}

function listed(): string {
  return [...commands.keys()].join(', ');
}

function unknownCommand(name: string): string {
  const meant = nearestName(name, [...commands.keys()]);
  return `There is no command "${name}". ${meant === undefined ? `Known: ${listed()}.` : `Did you mean ${meant}?`}`;
}

process.exitCode = await run(process.argv.slice(2));
