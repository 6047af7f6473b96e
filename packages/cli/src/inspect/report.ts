import type { Clock, Json } from '@espalier/core';
import type { SpeedReport } from '../speed/report.js';

/** Multiply-accumulates for one input, counted over kernels; biases, normalization and activations are not counted. */
export interface Macs {
  /** With every kernel entry. */
  readonly dense: number;
  /** With the entries that are not 0: what a kernel could reach that skips every zero. */
  readonly sparse: number;
}

/** One weight that multiplies inputs, or that has a mask. */
export interface LayerReport {
  /** Name of the weight, e.g. `conv1/kernel`. */
  readonly name: string;
  /** Its dimensions, as TensorFlow.js has them. */
  readonly shape: readonly number[];
  /** Its entries. */
  readonly entries: number;
  /** Entries that are not 0. */
  readonly nonzeros: number;
  /** Masked fraction of the entries, in [0, 1]; 0 without a mask. */
  readonly sparsity: number;
  /** Why it has no mask: `frozen`, `depthwise`, `recurrent`, or `left dense`; `null` if it has one. */
  readonly dense: string | null;
  /** Its multiply-accumulates; `null` if they cannot be told from the topology. */
  readonly macs: Macs | null;
}

/** Entries of several weights together. */
export interface Totals {
  /** Number of entries. */
  readonly entries: number;
  /** Entries that are not 0. */
  readonly nonzeros: number;
  /** Masked entries as a fraction of `entries`. */
  readonly sparsity: number;
}

/** Sizes of the weights as files, in bytes. None of them contains the optimizer's state or snapshots. */
export interface FileBytes {
  /** A dense safetensors file of float32, zeros and all. */
  readonly dense: number;
  /** That file, compressed with gzip. */
  readonly denseGzip: number;
  /** An Espalier checkpoint: one bit for each prunable entry, and the values that are left. */
  readonly sparse: number;
  /** That checkpoint, compressed with gzip. */
  readonly sparseGzip: number;
}

/** What is in a checkpoint, and what its sparsity is worth. */
export interface InspectReport {
  /** Name of the method that made it, and where it comes from. */
  readonly method: { readonly name: string; readonly citation: string; readonly options: Json };
  /** Where training was. */
  readonly clock: Clock;
  /** Name of the method's phase, or the empty string. */
  readonly phase: string;
  /** Root seed of the run. */
  readonly seed: number;
  /** Whether training can be resumed from it bit for bit: the optimizer's state is there. */
  readonly resumable: boolean;
  /** What was kept with it. */
  readonly metadata: { readonly [key: string]: Json };
  /** Every weight that multiplies inputs or has a mask, in the model's order. */
  readonly layers: readonly LayerReport[];
  /** All prunable weights together. */
  readonly prunable: Totals;
  /** All weights together: biases, normalization and its statistics too. */
  readonly all: Totals;
  /**
   * Multiply-accumulates of the whole network; `null` if one of the layers could not be counted, or there is no
   * topology.
   */
  readonly macs: Macs | null;
  /** Names of weights that multiply inputs but whose multiply-accumulates could not be counted. */
  readonly uncounted: readonly string[];
  /** Sizes as files. */
  readonly bytes: FileBytes;
  /** What `bench` measures on this machine; `null` if it was not measured. */
  readonly measured: SpeedReport | null;
  /** Why it was not timed, the empty string if nobody asked for it; `null` if it was. */
  readonly unmeasured: string | null;
  /** What the numbers do not mean. */
  readonly note: string;
}
