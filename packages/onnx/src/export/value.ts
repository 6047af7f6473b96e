/**
 * A value of the network in the graph of ONNX.
 *
 * `shape` is that of TensorFlow.js without the batch, channels last. `order` says how the value lies in ONNX: with the
 * channels `first`, as its convolutions want them, or as in TensorFlow.js, `last`. It is `last` for vectors.
 */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly order: 'first' | 'last';
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

/** True for values whose channels may come first: sequences and images. */
export const hasChannels = ({ shape }: Value): boolean => shape.length === 2 || shape.length === 3;

/** Sizes of the axes between batch and channels. */
export const spaceOf = ({ shape }: Value): readonly number[] => shape.slice(0, -1);

/** True if turning the channels to the front moves no number: there is one place, or one channel. */
export const orderIsMoot = ({ shape }: Pick<Value, 'shape'>): boolean =>
  shape.length < 2 || shape.slice(0, -1).every(side => side === 1) || shape.at(-1) === 1;

/** A shape with the channels first. */
export const firstShape = (shape: readonly number[]): number[] => [...shape.slice(-1), ...shape.slice(0, -1)];

/** The shape as it lies in ONNX, without the batch. */
export const storedShape = ({ shape, order }: Value): readonly number[] =>
  order === 'first' ? firstShape(shape) : shape;
