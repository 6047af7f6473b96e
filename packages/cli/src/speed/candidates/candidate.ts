import type { CandidateName } from '../report.js';

/** One way to run a network on one input that it was given when it was opened. */
export interface Candidate {
  readonly name: CandidateName;
  readonly what: string;
  readonly threads: number;
  readonly flopDensity: number;
  /** Computes the outputs, in memory of their own. */
  run(): Promise<Float32Array>;
  /** Gives everything back. */
  dispose(): Promise<void>;
}
