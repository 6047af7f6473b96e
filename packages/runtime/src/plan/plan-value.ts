/** An input or a result of a plan. */
export interface PlanValue {
  /** Its name: of the input layer, or of the layer that makes it. */
  readonly name: string;
  /** Without the batch: `[height, width, channels]` or `[features]`. A sequence of vectors has one row. */
  readonly shape: readonly number[];
}
