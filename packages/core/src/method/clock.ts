/**
 * Where training is, counted in optimizer steps.
 *
 * Epochs do not exist inside the library; {@link fromEpochs} converts at the edge.
 */
export interface Clock {
  /** Steps finished since the session started, an integer ≥ 0 that only grows. */
  readonly step: number;
  /**
   * Index into schedules, learning rates and data, an integer ≥ 0. Grows by one a step and goes back when a method
   * rewinds, so the same position always means the same batch and the same learning rate.
   */
  readonly position: number;
  /** Rewinds so far, an integer ≥ 0. */
  readonly round: number;
}
