import type { Layout } from '../executor/options.js';

/** Options of one run. */
export interface RunOptions {
  /**
   * Order of the entries of the images that come in and go out.
   *
   * @defaultValue That of the plan.
   */
  readonly layout?: Layout | undefined;
  /**
   * Number of images or vectors in the input, one after the other. They are computed one by one.
   *
   * @defaultValue 1
   */
  readonly batch?: number | undefined;
}

/** Time that one layer took. */
export interface LayerTime {
  /** Name of the layer; `(input)` and `(output)` for the change of layout at both ends. */
  readonly name: string;
  /** Milliseconds for one image. */
  readonly milliseconds: number;
}
