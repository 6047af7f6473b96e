import { type CommandDef, defineCommand } from 'citty';
import { exporting } from '../export/definitions.js';
import { network } from '../network/definitions.js';
import type { CommandArguments } from '../options/command-arguments.js';
import { benchmark, describing, judging, looking, measuring } from '../options/definitions/looking.js';
import { common } from '../options/definitions/shared.js';
import { training } from '../options/definitions/training.js';
import { transferring } from '../options/definitions/transferring.js';
import { pruneArguments } from '../options/prune-arguments.js';
import type { ParsedOptions } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { images, predicting } from '../predict/definitions.js';
import { runBench } from './bench.js';
import { runEval } from './eval.js';
import { runExport } from './export.js';
import { runInspect } from './inspect.js';
import { runMethods } from './methods.js';
import { runPredict } from './predict.js';
import { runRecipes } from './recipes.js';
import { runTraining } from './run.js';
import { runTransfer } from './transfer.js';

const checkpoint = {
  type: 'positional',
  description: 'Network: a checkpoint or any file that --model takes, or the directory of a run',
  required: false,
} as const;
const describedMethod = {
  type: 'positional',
  description: 'Method to describe; all of them are listed if it is left out',
  required: false,
} as const;
const describedPreset = {
  type: 'positional',
  description: 'Preset to print; all of them are listed if it is left out',
  required: false,
} as const;
const { json, 'memory-limit': memoryLimit } = common;
const reading = { json, 'memory-limit': memoryLimit };

/** A command whose outcome is handed back instead of printed. What it is given was checked by `checkCommand`. */
function command(
  name: string,
  description: string,
  args: CommandArguments,
  run: (given: ParsedOptions, rawArgs: readonly string[]) => Promise<Outcome>,
): CommandDef {
  return defineCommand({
    meta: { name, description },
    args,
    run: context => run(context.args, context.rawArgs),
  });
}

/** The commands by name. */
export const commands: ReadonlyMap<string, CommandDef> = new Map(
  Object.entries({
    train: command('train', 'Train a dense network', { ...training, ...network, ...common }, (given, rawArgs) =>
      runTraining('train', given, rawArgs),
    ),
    prune: command(
      'prune',
      'Prune a network while it trains, or one from a checkpoint',
      pruneArguments,
      (given, rawArgs) => runTraining('prune', given, rawArgs),
    ),
    eval: command(
      'eval',
      'Accuracy of a network on test examples',
      { checkpoint, ...network, ...judging, ...common },
      runEval,
    ),
    predict: command(
      'predict',
      'Classes of images',
      {
        checkpoint,
        images,
        ...network,
        ...predicting,
        ...looking,
        ...common,
      },
      runPredict,
    ),
    inspect: command(
      'inspect',
      'Nonzeros, sparsity, multiply-accumulates, bytes and what sparsity gains',
      { checkpoint, ...network, ...measuring, ...reading },
      runInspect,
    ),
    methods: command(
      'methods',
      'Pruning methods, and the options of one',
      { method: describedMethod, ...describing, json },
      runMethods,
    ),
    recipes: command(
      'recipes',
      'Recipes that come along, and the text of one',
      { preset: describedPreset, json },
      runRecipes,
    ),
    bench: command(
      'bench',
      'Measured speed, sparse beside dense',
      { checkpoint, ...network, ...benchmark, ...reading },
      runBench,
    ),
    export: command(
      'export',
      'Write a network for TensorFlow.js, PyTorch, Keras or ONNX',
      { checkpoint, ...network, ...exporting, ...reading },
      runExport,
    ),
    transfer: command(
      'transfer',
      'Transfer a checkpoint to another task',
      { checkpoint, ...network, ...transferring, ...common },
      runTransfer,
    ),
  }),
);
