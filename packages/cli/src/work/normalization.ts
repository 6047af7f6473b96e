import {
  type Checkpoint,
  type InputNormalization,
  InvalidOptionError,
  namedNormalization,
  normalizationFor,
  normalizationOf,
} from '@espalier/core';
import {
  cifar10Normalization,
  digitsNormalization,
  imagenetNormalization,
  mnistNormalization,
  type Normalization,
} from '@espalier/datasets';
import { loadDataset } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import type { RunData } from '../data/run-data.js';
import { UsageError } from '../errors.js';
import { scalesPixels } from '../network/scales-pixels.js';
import { storedDataset } from '../recipe/stored-dataset.js';

/** What images are normalized with, whose numbers these are, and why they were chosen. */
export interface ChosenNormalization extends Normalization {
  /** Name of the normalization, dataset or task. */
  readonly of: string;
  /** Where the choice comes from. */
  readonly from: 'option' | 'network' | 'dataset of the training' | 'data' | 'guess';
  /** The same in words. */
  readonly why: string;
}

const known: ReadonlyMap<string, Normalization> = new Map([
  ['digits', digitsNormalization],
  ['mnist', mnistNormalization],
  ['cifar10', cifar10Normalization],
]);

const scalesItself = 'pixels stay as they are, 0 to 255, since the network begins by scaling them itself';

/** What there is to choose from. */
export interface NormalizationSources<Rest = ChosenNormalization> {
  /** The option `--normalization`. */
  readonly option?: string | undefined;
  /** The network; none for a new one. */
  readonly checkpoint?: Checkpoint | undefined;
  /** Channels of the images that the network takes. */
  readonly channels: number;
  /** What is left where neither option nor network say anything. */
  readonly otherwise: Rest;
}

/**
 * Chooses what images are normalized with: what the option says; else what the network carries; else nothing, if the
 * network scales pixels itself; else, for networks of older versions, what the dataset was normalized with that they
 * name; else the rest.
 */
export async function chooseNormalization<Rest = ChosenNormalization>({
  option,
  checkpoint,
  channels,
  otherwise,
}: NormalizationSources<Rest>): Promise<ChosenNormalization | Rest> {
  const of = (found: InputNormalization, from: ChosenNormalization['from'], why: string): ChosenNormalization => {
    const { name = 'unnamed numbers', mean, std } = asked(() => normalizationFor(found, channels));
    return { of: name, mean, std, from, why };
  };
  if (option !== undefined)
    return of(
      asked(() => namedNormalization(option)),
      'option',
      '--normalization says so',
    );
  const own = normalizationOf(checkpoint?.metadata);
  if (own) return of(own, 'network', 'the network carries it');
  if (checkpoint && scalesPixels(checkpoint)) return of(namedNormalization('none'), 'network', scalesItself);
  const name = storedDataset(checkpoint);
  const trained = name === undefined ? undefined : await normalizationOfDataset(name);
  if (name === undefined || !trained) return otherwise;
  return of({ name, ...trained }, 'dataset of the training', `the network was trained on ${name}`);
}

/**
 * What a network of unknown origin is taken to want: ImageNet's numbers for colors, those of the data for gray images.
 */
export function guessedNormalization(task: TransferTask, channels: number): ChosenNormalization {
  const why = 'a guess, since the network does not say what it was trained with; name it with --normalization';
  if (channels !== imagenetNormalization.mean.length)
    return { ...dataNormalization(task, channels), from: 'guess', why };
  return { of: 'imagenet', ...imagenetNormalization, from: 'guess', why };
}

/**
 * For images of one's own: ImageNet's numbers, with their averages for gray images. A guess if there is a network
 * already, which may have been trained with others.
 */
export function ownNormalization(channels: number, isNew: boolean): ChosenNormalization {
  const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const { mean, std } = imagenetNormalization;
  const numbers = channels === 1 ? { mean: [average(mean)], std: [average(std)] } : imagenetNormalization;
  return isNew
    ? {
        of: 'imagenet',
        ...numbers,
        from: 'data',
        why: 'these are the usual numbers for images, and the network is new',
      }
    : {
        of: 'imagenet',
        ...numbers,
        from: 'guess',
        why: 'a guess, since the network does not say what it was trained with; name it with --normalization',
      };
}

/** What a network is given for these examples if it does not say itself: their statistics, or the usual numbers. */
export function normalizationOfData({ name, normalization, shape }: RunData, isNew: boolean): ChosenNormalization {
  return normalization ? dataNormalization({ name, normalization }, shape[2]) : ownNormalization(shape[2], isNew);
}

/** The data's own; gray images that become colored have the same numbers in every channel. */
export function dataNormalization(
  { name, normalization }: { readonly name: string; readonly normalization: Normalization },
  channels: number,
): ChosenNormalization {
  const { mean, std } = normalizationFor(normalization, channels);
  return { of: name, mean, std, from: 'data', why: 'these are the statistics of the training images' };
}

/** The choice as plain data, for the metadata of a checkpoint. */
export function storedNormalization({ of: name, mean, std }: ChosenNormalization): InputNormalization {
  return { name, mean, std };
}

/** Refuses to go on with a run on images that are normalized otherwise. */
export function requireSameNormalization({ of, mean, std, from }: ChosenNormalization, { metadata }: Checkpoint): void {
  const before = normalizationOf(metadata);
  if (from !== 'option' || !before || JSON.stringify([before.mean, before.std]) === JSON.stringify([mean, std])) return;
  const was = before.name ?? 'other numbers';
  throw new UsageError(
    `The run was started with --normalization ${was}, not ${of}. Leave the option out, or start a new run.`,
  );
}

async function normalizationOfDataset(name: string): Promise<Normalization | undefined> {
  return name === 'synthetic' ? (await loadDataset(name)).normalization : known.get(name);
}

/** What the command line says is wrong in the command line's words. */
function asked<Result>(ask: () => Result): Result {
  try {
    return ask();
  } catch (error) {
    if (!(error instanceof InvalidOptionError)) throw error;
    throw new UsageError(`--normalization: ${error.message}`, { cause: error });
  }
}
