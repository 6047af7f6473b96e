/**
 * Refuses a value that an option must not have, by throwing {@link InvalidOptionError}; returns if the value will do.
 *
 * `requireSparsity` and `requireCadence` are rules; `rules` has the others.
 *
 * @param option - Name of the option with its path if nested, e.g. `cadence.every`, for the message.
 * @param value - What was given.
 */
export type OptionRule = (option: string, value: never) => void;

/** One rule for every option of a type, so that an option without a rule does not compile. */
export type OptionRules<Options extends object> = { readonly [Key in keyof Options]-?: OptionRule };

/** Options with their defaults: every one is there, and none is `undefined`. */
export type CompleteOptions<Options extends object> = {
  readonly [Key in keyof Options]-?: Exclude<Options[Key], undefined>;
};
