import { datasetNames } from '@espalier/datasets/node';
import type { ArgDef, ArgsDef } from 'citty';
import { ownImages } from '../../data/definitions.js';
import { judgedBy } from '../../loss/definitions.js';
import { engineNames, instructionNames } from '../../speed/speed-options.js';
import { data, list, normalization } from './shared.js';

/** Options of `eval`, which takes the dataset that the network was trained on. */
export const judging: ArgsDef = {
  ...data,
  dataset: {
    type: 'string',
    valueHint: 'name',
    description: `${list(datasetNames)} (that of the checkpoint if left out, or digits if it names none)`,
  },
  'batch-size': { type: 'string', valueHint: 'count', description: 'Examples in a batch (250)' },
  ...judgedBy,
};

const { size, resize, interpolation, 'skip-damaged': skipDamaged } = ownImages as Readonly<Record<string, ArgDef>>;

/** Options of `predict` about images. */
export const looking: ArgsDef = {
  size: size as ArgDef,
  resize: resize as ArgDef,
  interpolation: interpolation as ArgDef,
  'skip-damaged': skipDamaged as ArgDef,
  'batch-size': { type: 'string', valueHint: 'count', description: 'Images that are looked at together (16)' },
  ...normalization,
};

const looked: ArgDef = {
  type: 'string',
  valueHint: 'pixels',
  description: "Side of the network's images, or height x width such as 96x128 (that of its input)",
};

/** Options of `inspect`. */
export const measuring: ArgsDef = {
  size: looked,
  measure: {
    type: 'boolean',
    default: true,
    description: 'Time the network as bench does',
    negativeDescription: 'Do not time the network',
  },
};

/** Options of `bench`. */
export const benchmark: ArgsDef = {
  size: looked,
  threads: { type: 'string', valueHint: 'count', description: 'Threads of our plans (all cores if that is faster)' },
  batch: { type: 'string', valueHint: 'count', description: 'Inputs of one run (1)' },
  rounds: {
    type: 'string',
    valueHint: 'count',
    description: 'Interleaved rounds; each times every candidate once (as many as fit into 2.5 s)',
  },
  engine: {
    type: 'string',
    valueHint: 'name',
    description: `${list(engineNames)}: our kernels (native ones where @espalier/runtime-native is installed)`,
  },
  instructions: { type: 'string', valueHint: 'name', description: `${list(instructionNames)} (auto if left out)` },
  'per-layer': { type: 'boolean', description: 'Time every layer too' },
};

/** Options of `methods`. */
export const describing: ArgsDef = {
  steps: { type: 'string', valueHint: 'count', description: 'Length of the run that defaults are shown for (1000)' },
};
