/**
 * Sparse networks in WebAssembly: {@link compile} packs what is not zero into a {@link Plan}, {@link Plan.run} computes
 * it.
 *
 * Networks come from checkpoints, from {@link graphFromDescription} (safetensors with a description of the model), or
 * from a `LayersModel` by way of `@espalier/runtime/tfjs`.
 *
 * @packageDocumentation
 */

export type { NativeInstructions } from './engine/native-kernels.js';
export * from './errors.js';
export {
  InvalidInputError,
  PlanDisposedError,
  ThreadLostError,
  ThreadsUnavailableError,
} from './executor/errors.js';
export type { CompileOptions, EngineName, Instructions, Lanes, Layout } from './executor/options.js';
export type { TuningCache } from './executor/tuning-cache.js';
export * from './graph/index.js';
export type { NamedValues } from './plan/check-input.js';
export { compile } from './plan/compile.js';
export type { Plan } from './plan/plan.js';
export type { PlanValue } from './plan/plan-value.js';
export type { LayerTime, RunOptions } from './plan/run-options.js';
export type { LayerSummary, PlanSummary } from './plan/summary.js';
export * from './training/index.js';
