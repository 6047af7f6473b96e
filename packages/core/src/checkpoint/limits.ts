import type { OptionRules } from '../options/option-rule.js';
import { limitRule, type SafetensorsLimits, safetensorsLimitRules } from './safetensors/limits.js';

/** Most bytes that a checkpoint's masks and values may take in memory: 4 GiB. */
export const maximumDecodedBytes: number = 2 ** 32;

/** What {@link decodeCheckpoint} accepts; a hostile file can claim much and be small. */
export interface CheckpointLimits extends SafetensorsLimits {
  /**
   * Most bytes that masks, weights, slots, snapshots and raw weights may take in memory. Files hold masked entries as
   * single bits and slots of masked entries not at all, so a file can be far smaller than what it decodes to.
   *
   * @defaultValue 4 GiB
   */
  readonly decodedBytes?: number | undefined;
}

/** Also of the limits that extend these. */
export const checkpointLimitRules: OptionRules<CheckpointLimits> = {
  ...safetensorsLimitRules,
  decodedBytes: limitRule,
};
