import type { Checkpoint } from '@espalier/core';
import { withClasses } from '@espalier/transfer';
import { sizeOf } from '../options/image-size.js';
import { withImageSize } from '../transfer/image-size.js';
import type { NetworkEnds } from '../work/network-ends.js';
import type { FeaturePlace } from './feature-place.js';

/** Name of the kernel of a classifier that {@link fitNetwork} makes. */
export const newClassifier = 'transfer_head/kernel';

/** What the examples are, that a network is to be trained on. */
export interface ExampleShape {
  readonly shape: readonly number[];
  readonly classCount: number;
}

/** How a network is fitted to examples. */
export interface Fitting extends Partial<FeaturePlace> {
  readonly seed: number;
  readonly say: (line: string) => void;
  /** Who says what size the images have, for the error. */
  readonly sizeFrom?: string | undefined;
}

/** What a network takes and gives once {@link fitNetwork} has changed it. */
export function fittedEnds({ takes }: NetworkEnds, { shape, classCount }: ExampleShape): NetworkEnds {
  return { takes: resizable(takes, shape) ? shape.map(side => side) : takes, gives: classCount };
}

/**
 * A network for images of another size, and with a new classifier where the examples have another number of classes.
 * Says what was changed.
 */
export async function fitNetwork(
  network: Checkpoint,
  { takes, gives }: NetworkEnds,
  { shape, classCount }: ExampleShape,
  { seed, head, featureLayer, say, sizeFrom }: Fitting,
): Promise<Checkpoint> {
  const [height = 0, width = 0] = shape;
  let fitted = network;
  if (resizable(takes, shape)) {
    fitted = await withImageSize(fitted, sizeOf(height, width), sizeFrom);
    say(`The network took images of ${takes[0]}×${takes[1]}; it is now for ${height}×${width}, with the same weights.`);
  }
  if (gives === classCount) return fitted;
  const other = await withClasses(fitted, { classes: classCount, seed: seed % 2 ** 31, head, featureLayer });
  const [had, place] =
    featureLayer !== undefined
      ? [`is cut after "${featureLayer}"`, 'is put there']
      : gives == null
        ? ['has no classifier', 'is put on its features']
        : [`gave ${gives} classes`, 'takes the place of its own'];
  say(`The network ${had}; a new classifier of ${classCount} ${place}, and is not pruned.`);
  return other;
}

/** True if only the size of the images differs. */
function resizable(takes: NetworkEnds['takes'], [height, width, channels]: readonly number[]): boolean {
  const [rows, columns, depth] = takes;
  if (takes.length !== 3 || depth !== channels) return false;
  return rows != null && columns != null && (rows !== height || columns !== width);
}
