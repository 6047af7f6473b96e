import type { OptionRule, OptionRules } from '../../options/option-rule.js';
import { rules } from '../../options/rules.js';

/** Longest header in bytes, the reference implementation's own limit. */
export const maximumHeaderBytes = 100_000_000;

/** Most tensors in one file; ResNet-50 has 267, a large transformer a few thousand. */
export const maximumTensors = 100_000;

/** What {@link readSafetensors} accepts. Numbers above the defaults are for callers who trust the file. */
export interface SafetensorsLimits {
  /**
   * Longest header in bytes.
   *
   * @defaultValue 100,000,000, as in the reference implementation
   */
  readonly headerBytes?: number | undefined;
  /**
   * Most tensors.
   *
   * @defaultValue 100,000
   */
  readonly tensors?: number | undefined;
}

/** Infinity is a limit too. */
export const limitRule: OptionRule = rules.optional(
  rules.that('a number above 0', value => typeof value === 'number' && value > 0),
);

/** Also of the limits that extend these. */
export const safetensorsLimitRules: OptionRules<SafetensorsLimits> = {
  headerBytes: limitRule,
  tensors: limitRule,
};
