/** `[height, width, channels]` of an image or `[features]` of a vector. */
export type Shape = readonly [number, number, number] | readonly [number];

/** Rows and columns of zeros around an image. */
export interface Padding {
  /** Rows above. */
  readonly top: number;
  /** Rows below. */
  readonly bottom: number;
  /** Columns before. */
  readonly left: number;
  /** Columns after. */
  readonly right: number;
}

/** What all nodes of a graph have. */
export interface NodeBase {
  /** Unique name. */
  readonly name: string;
  /** Names of the nodes (or of the graph's inputs) whose values it takes. */
  readonly inputs: readonly string[];
  /** Shape of its value. */
  readonly shape: Shape;
}
