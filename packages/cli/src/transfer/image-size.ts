import { type Checkpoint, CheckpointMismatchError, type Json } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { type ImageSize, imageSides } from '@espalier/datasets';
import { UsageError } from '../errors.js';
import { shownShape } from '../output/shown-shape.js';

/** Height, width and channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Shape of the images that a checkpoint's network takes. */
export function imageShapeOf(checkpoint: Checkpoint): ImageShape {
  const [height, width, channels] = inputShape(checkpoint).slice(1);
  if (!height || !width || !channels) {
    throw new CheckpointMismatchError(
      'Its network does not take images of one fixed size, so it cannot be transferred.',
    );
  }
  return [height, width, channels];
}

/**
 * The checkpoint with a network for images of another size: the same weights at more or fewer places.
 *
 * @param checkpoint - Its network takes images of one size or of any.
 * @param size - Side of the images, or height and width.
 * @param from - Who says so, for the error.
 */
export async function withImageSize(checkpoint: Checkpoint, size: ImageSize, from = '--size'): Promise<Checkpoint> {
  const taken = inputShape(checkpoint);
  const [, height, width, channels] = taken;
  if (taken.length !== 4 || !channels) {
    const takes = `It takes ${shownShape(taken)}`;
    throw new UsageError(`The network does not take images, so that they have no size (${from}). ${takes}.`);
  }
  const [rows, columns] = imageSides(size);
  if (height === rows && width === columns) return checkpoint;
  const old = JSON.stringify(taken);
  const model = mapped(checkpoint.model, value =>
    JSON.stringify(value) === old ? [null, rows, columns, channels] : value,
  );
  const resized = { ...checkpoint, model };
  try {
    (await toModel(resized)).dispose();
  } catch (cause) {
    const why = 'It has to be averaged over all places before its dense layers, and large enough for its strides.';
    const only = height && width ? `, only of ${height}×${width}` : '';
    const message = `The network cannot take images of ${rows}×${columns} (${from})${only}. ${why}`;
    throw new UsageError(message, { cause });
  }
  return resized;
}

const key = 'batch_input_shape';

function inputShape({ model }: Checkpoint): readonly (number | null)[] {
  let first: Json | undefined;
  mapped(model, value => {
    first ??= value;
    return value;
  });
  if (first === undefined) {
    throw new CheckpointMismatchError(
      'It holds no topology with a size of images. Save it with session.checkpoint({ model }).',
    );
  }
  return Array.isArray(first) ? (first as (number | null)[]) : [];
}

/** A copy with every input shape in it mapped. */
function mapped(json: Json, map: (shape: Json) => Json): Json {
  if (Array.isArray(json)) return json.map(entry => mapped(entry, map));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [name, name === key ? map(value as Json) : mapped(value as Json, map)]),
  );
}
