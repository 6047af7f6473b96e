import { type OptionRule, rules } from '@espalier/core';

/** Where `s` starts, e.g. −3200. */
export const requireInitialThreshold: OptionRule = rules.number();

/** How fast it decays by itself. */
export const requireThresholdDecay: OptionRule = rules.number({ from: 0 });
