import type { DataForm } from './data-form.js';

/**
 * Refuses a value that an option must not have, by throwing {@link InvalidOptionError}; returns if the value will do.
 *
 * `requireSparsity` and `requireCadence` are rules; `rules` has the others.
 */
export interface OptionRule {
  /**
   * @param option - Name of the option with its path if nested, e.g. `cadence.every`, for the message.
   * @param value - What was given.
   */
  (option: string, value: never): void;
  /** How the option is written in a recipe or on a command line; left out, as any plain data. */
  readonly data?: DataForm | undefined;
}

/** One rule for every option of a type, so that an option without a rule does not compile. */
export type OptionRules<Options extends object> = { readonly [Key in keyof Options]-?: OptionRule };

/** Options with their defaults: every one is there, and none is `undefined`. */
export type CompleteOptions<Options extends object> = {
  readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined>;
};
