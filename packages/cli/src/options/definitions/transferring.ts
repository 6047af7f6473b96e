import type { ArgDef, ArgsDef } from 'citty';
import { ownImages } from '../../data/definitions.js';
import { transferTaskNames } from '../../transfer/transfer-task.js';
import { classifier, list, normalization } from './shared.js';

const {
  data: path,
  'test-fraction': testFraction,
  'skip-damaged': skipDamaged,
} = ownImages as Readonly<Record<string, ArgDef>>;
const ownTask = { data: path, 'test-fraction': testFraction, 'skip-damaged': skipDamaged } as ArgsDef;

/** Options of `transfer`. */
export const transferring: ArgsDef = {
  task: { type: 'string', valueHint: 'name', description: list(transferTaskNames) },
  ...ownTask,
  protocol: {
    type: 'string',
    valueHint: 'name',
    description: 'linear (classifier on frozen features) or full (all active weights, fixed masks)',
  },
  seeds: {
    type: 'string',
    valueHint: 'list',
    description: 'One run for each (linear 21,51,81,111,141; full 21,51,81)',
  },
  epochs: { type: 'string', valueHint: 'count', description: 'Passes over the training images (150)' },
  split: { type: 'string', valueHint: 'name', description: 'official or salman2020 (official if left out)' },
  ...normalization,
  size: {
    type: 'string',
    valueHint: 'pixels',
    description: "Side of the images, or height x width such as 96x128 (that of the network's input)",
  },
  ...classifier,
  runtime: {
    type: 'string',
    valueHint: 'name',
    description: 'Features by tfjs or sparse, for linear (tfjs if left out)',
  },
  'allow-dense': { type: 'boolean', description: 'Fine-tune a network without a zero, as a baseline' },
  out: {
    type: 'string',
    valueHint: 'directory',
    description: 'Directory for features, unfinished runs and results (runs/transfer)',
  },
};
