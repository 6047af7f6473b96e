/** Numbers in bulk that a method's state may hold: one per weight, for example. A checkpoint keeps them bit for bit. */
export type StateArray = Float32Array | Int32Array | Uint8Array;

/**
 * What a method carries between steps and a checkpoint holds: plain data as in {@link Json}, with typed arrays anywhere
 * in it. Arrays are stored as tensors, so a number per weight costs four bytes (`Uint8Array`: one). NaN and the
 * infinities may stand in a `Float32Array`, but not in plain data. `decide` must not modify the state that it is given;
 * it returns a new one.
 */
export type MethodState =
  | null
  | boolean
  | number
  | string
  | StateArray
  | readonly MethodState[]
  | { readonly [key: string]: MethodState };
