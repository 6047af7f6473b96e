import type { Lanes, LayerSummary, PlanSummary } from '@espalier/runtime';

/** Times of one way to run a network, in milliseconds for one input. */
export interface Milliseconds {
  /** The middle one of all rounds. */
  readonly median: number;
  /** The shortest one, which other programs disturbed least. */
  readonly minimum: number;
  /**
   * A quarter of the rounds were shorter than the first, a quarter longer than the second: how far the rounds are
   * apart.
   */
  readonly quartiles: readonly [lower: number, upper: number];
}

/**
 * How many times as long as another one a candidate takes. Each round is a ratio, whatever else the machine did in it.
 */
export interface SpeedRatio {
  /** The middle one of all rounds. */
  readonly median: number;
  /** Ratio of the shortest times. */
  readonly minimum: number;
  /** The middle half of the rounds lies between these. */
  readonly quartiles: readonly [lower: number, upper: number];
}

/** Who was timed: our plan of the sparse network, our plan of the same network without zeros, or TensorFlow.js. */
export type CandidateName = 'sparse' | 'dense' | 'tfjs-wasm';

/** One way to run a network, and how long it takes. */
export interface CandidateSpeed {
  /** Who was timed. */
  readonly name: CandidateName;
  /** The program with its version and what it computes, for people. */
  readonly what: string;
  /** Threads that it used. */
  readonly threads: number;
  /**
   * Fraction of the dense multiply-accumulates that it does, in [0, 1]; 1 for TensorFlow.js, which multiplies zeros.
   */
  readonly flopDensity: number;
  /** Times for one input. */
  readonly milliseconds: Milliseconds;
  /** These times divided by those of the sparse plan: how many times as fast the sparse plan is. */
  readonly ratio: SpeedRatio;
  /** Largest difference of its outputs from those of the sparse plan, as a fraction of the largest output. */
  readonly difference: number;
}

/** A candidate that could not be timed. */
export interface LeftOut {
  /** Who was to be timed. */
  readonly name: CandidateName;
  /** Why it was not. */
  readonly reason: string;
}

/** What one layer takes in both plans. */
export interface LayerSpeed {
  /** Name of the layer; `(input)` and `(output)` for the change of layout at both ends. */
  readonly name: string;
  /** What it does, the empty string for `(input)` and `(output)`. */
  readonly kind: LayerSummary['kind'] | '';
  /** Fraction of its kernel entries that are not 0, in [0, 1]; `null` without a kernel. */
  readonly density: number | null;
  /** Shortest time in the sparse plan, in milliseconds for one input. */
  readonly sparse: number;
  /** Shortest time in the dense plan; `null` if the dense plan has no such layer. */
  readonly dense: number | null;
}

/** Where the times were measured. */
export interface Machine {
  /** Model of the processor, as the system names it. */
  readonly processor: string;
  /** Cores that the system shows. */
  readonly cores: number;
  /** Programs that wanted to run in the minute before; more than a few tenths make times unreliable. 0 on Windows. */
  readonly load: number;
  /** System and kind of processor, e.g. `linux x64`. */
  readonly platform: string;
  /** Version of Node. */
  readonly node: string;
  /** Version of V8, which compiles the kernels. */
  readonly v8: string;
}

/** Measured speed of a network on this machine. */
export interface SpeedReport {
  /** The candidates that were timed: the sparse plan, the dense plan, and TensorFlow.js if it was asked for. */
  readonly candidates: readonly CandidateSpeed[];
  /** The candidates that were to be timed and were not. */
  readonly leftOut: readonly LeftOut[];
  /** Masked fraction of the prunable weights and of all weights, in [0, 1]. */
  readonly sparsity: { readonly prunable: number; readonly all: number };
  /** Floating-point operations for one input, 2 per multiply-accumulate. */
  readonly flops: { readonly dense: number; readonly sparse: number };
  /** `flops.sparse / flops.dense`: what decides the speed. Every layer also has costs that sparsity does not lower. */
  readonly flopDensity: number;
  /** Threads of both plans. */
  readonly threads: number;
  /** Inputs of one run. */
  readonly batch: number;
  /** Interleaved rounds: in each, every candidate was timed once. */
  readonly rounds: number;
  /** Whether the plans were tuned. */
  readonly tuned: boolean;
  /** Where the kernels of both plans come from. */
  readonly engine: PlanSummary['engine'];
  /** Why they are not native, without a full stop; `null` where they are. */
  readonly passedOver: string | null;
  /** Instruction set of the kernels. */
  readonly instructions: PlanSummary['instructions'];
  /** Pixels that a kernel of the sparse plan works on at once. */
  readonly lanes: Lanes;
  /** Times of the single layers; `null` if they were not asked for. */
  readonly layers: readonly LayerSpeed[] | null;
  /** Where this was measured. */
  readonly machine: Machine;
}
