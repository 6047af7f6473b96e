import {
  completeOptions,
  type DefinedRun,
  defineRun,
  EspalierError,
  type MethodDefinition,
  type OptionData,
  type PruningMethod,
  type TrainingRun,
} from '@espalier/core';
import { MethodUnusableError, wordsOf } from './method-error.js';

/** A method that `--method` names, wherever it comes from. */
export interface KnownMethod {
  /** As it was written. */
  readonly reference: string;
  /** What it says about itself; `undefined` for a creator or a method alone. */
  readonly definition: MethodDefinition | undefined;
  /** All its options for a run, from those that were given. */
  complete(run: TrainingRun, given: OptionData): OptionData;
  /** The method with complete options. */
  define(run: TrainingRun, options: OptionData): DefinedRun;
}

/** A method that is defined. */
export function definedMethod(reference: string, definition: MethodDefinition): KnownMethod {
  return {
    reference,
    definition,
    complete: (run, given) => guarded(reference, () => completeOptions(definition, run, given)),
    define: (run, options) => guarded(reference, () => defineRun(definition, run, options)),
  };
}

/** A creator without a definition: it is given what was asked for, as it was written. */
export function createdMethod(reference: string, create: (options: OptionData) => unknown): KnownMethod {
  return {
    reference,
    definition: undefined,
    complete: (_, given) => given,
    define: ({ steps }, options) => ({
      // What a session needs of a method, the session checks when it starts.
      method: guarded(reference, () => create(options)) as PruningMethod,
      positions: steps,
      rateOver: steps,
    }),
  };
}

/** Code of somebody else: what it throws without a code gets one. */
function guarded<Result>(reference: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (EspalierError.isInstance(error)) throw error;
    throw new MethodUnusableError(reference, `It threw: ${wordsOf(error)}`, { cause: error });
  }
}
