import type { Checkpoint } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { describeDataset } from '@espalier/datasets/node';
import { modelOutput } from '@espalier/trainer';
import { hasClassifier } from '@espalier/transfer';
import type { RunData } from '../data/run-data.js';
import { DatasetMismatchError, UsageError } from '../errors.js';
import { shownShape } from '../output/shown-shape.js';

/**
 * Shape of what a network takes, without the examples, `null` for any; and number of classes that it gives, `null` if
 * it has no classifier.
 */
export interface NetworkEnds {
  readonly takes: readonly (number | null)[];
  readonly gives: number | null | undefined;
}

/**
 * Builds the network to see what it takes and gives. One output tells two classes apart if it is a sigmoid, or if the
 * loss is none that wants an output for each class. For such a loss an extractor of features gives no classes.
 */
export async function endsOf(checkpoint: Checkpoint, loss?: string): Promise<NetworkEnds> {
  const model = await toModel(checkpoint);
  try {
    const units = model.outputs[0]?.shape.at(-1);
    const binary = loss === undefined ? modelOutput(model).kind === 'sigmoid' : loss !== 'cross-entropy';
    const classifies = (loss ?? 'cross-entropy') !== 'cross-entropy' || hasClassifier(model);
    const gives = units === 1 && binary ? 2 : units;
    return { takes: model.inputs[0]?.shape.slice(1) ?? [], gives: classifies ? gives : null };
  } finally {
    model.dispose();
  }
}

/** Refuses networks that no image of one's own can be made for. */
export function requireImages(takes: NetworkEnds['takes']): void {
  const [, , channels] = takes;
  const what = `The network takes ${shownShape(takes)}`;
  if (takes.length !== 3 || (channels !== 1 && channels !== 3)) {
    throw new UsageError(`${what}, not images in color or gray, so that no image of your own can be made for it.`);
  }
}

/** Whether a network takes images of that height and width as it is. */
export const takesSize = (takes: NetworkEnds['takes'], sides: readonly number[]): boolean =>
  takes.slice(0, 2).every((side, axis) => side === null || side === sides[axis]);

interface Examples {
  readonly shape: readonly number[];
  readonly classCount: number;
}

const fit = ({ takes, gives }: NetworkEnds, { shape, classCount }: Examples): boolean =>
  takes.length === 3 && takes.every((side, axis) => side === null || side === shape[axis]) && gives === classCount;

/** Whether a network can look at the images of a dataset and has its number of classes. */
export const fits = (ends: NetworkEnds, dataset: string): boolean => fit(ends, describeDataset(dataset));

/**
 * Refuses a network that cannot look at the images of a dataset or has another number of classes, before any of them is
 * read.
 */
export function requireFit(ends: NetworkEnds, dataset: string): void {
  require(ends, dataset, describeDataset(dataset));
}

/** The same for examples that are there. */
export function requireFitOf(ends: NetworkEnds, { name, shape, classes }: RunData): void {
  require(ends, name, { shape, classCount: classes.length });
}

function require(ends: NetworkEnds, name: string, examples: Examples): void {
  if (fit(ends, examples)) return;
  const images = `images of ${examples.shape.join('×')} in ${examples.classCount} classes`;
  throw new DatasetMismatchError(name, images, `[${ends.takes.join('×')}] and ${ends.gives ?? 'no'} classes`);
}
