import { type Checkpoint, CheckpointMismatchError, type Json } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { UsageError } from '../errors.js';

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

/** The checkpoint with a network for square images of another size: the same weights at more or fewer places. */
export async function withImageSize(checkpoint: Checkpoint, size: number): Promise<Checkpoint> {
  const [height, width, channels] = imageShapeOf(checkpoint);
  if (height === size && width === size) return checkpoint;
  const old = JSON.stringify(inputShape(checkpoint));
  const model = mapped(checkpoint.model, value =>
    JSON.stringify(value) === old ? [null, size, size, channels] : value,
  );
  const resized = { ...checkpoint, model };
  try {
    (await toModel(resized)).dispose();
  } catch (cause) {
    const why = 'It has to be averaged over all places before its dense layers, and large enough for its strides.';
    throw new UsageError(
      `The network cannot take images of ${size}×${size} (--size), only of ${height}×${width}. ${why}`,
      {
        cause,
      },
    );
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
