import { activation, constraint, initializer, regularizer } from './option-classes.js';
import { flag, harmless, type LayerOptionRules, only } from './option-rule.js';

/** Options of a weight: how it starts, what pulls it, what it is forced to. */
export function weightOptions(weight: string, ...without: readonly 'constraint'[]): LayerOptionRules {
  return {
    [`${weight}_initializer`]: initializer,
    [`${weight}_regularizer`]: regularizer,
    [`${weight}_constraint`]: without.includes('constraint') ? only(null) : constraint,
  };
}

/** Options of a layer that multiplies by a kernel. */
export const kernelOptions: LayerOptionRules = {
  activation,
  use_bias: flag,
  ...weightOptions('kernel'),
  ...weightOptions('bias'),
  activity_regularizer: only(null),
};

/** What Keras 3 writes for kernels that are adapted by low-rank products or held in few bits. */
export const compressionOptions: LayerOptionRules = {
  lora_rank: only(null),
  lora_alpha: harmless,
  quantization_config: only(null),
};
