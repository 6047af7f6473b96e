import { type OptionRule, type OptionRules, rules } from '@espalier/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Layers of which a network learns the outputs too. */
export interface FeatureDistillation {
  /**
   * Names of layers that both networks have, those inside nested models too, with outputs of the same shape: at least
   * one. The ends of blocks are usual. Of a layer that is called several times the first output counts.
   */
  readonly layers: readonly string[];
  /**
   * Factor of their mean error in the loss, at least 0.
   *
   * @defaultValue 1
   */
  readonly weight?: number | undefined;
}

/**
 * What a network learns from a second one while it trains. The loss of a batch is
 *
 * `(1 − weight) · loss of the labels + weight · temperature² · D + features.weight · E`
 *
 * with D the mean Kullback-Leibler divergence of the student's softened distribution from the teacher's, both being
 * `softmax(logits / temperature)` (of a single unit, and of units with a sigmoid, both probabilities of each), and E
 * the mean over the layers of `Σ (student − teacher)² / Σ teacher²`. The factor `temperature²` keeps the gradient of D
 * the same size at any temperature.
 *
 * @see Hinton et al. 2015, {@link https://arxiv.org/abs/1503.02531}, section 2, for D.
 * @see Kurtic et al. 2023, {@link https://arxiv.org/abs/2310.06927}, for E, which is called SquareHead there.
 */
export interface DistillationOptions {
  /**
   * The network to learn from, such as the dense one that was trained on the same task: its inputs and its output have
   * the shapes of the student's. It runs in inference mode, is not changed, and stays yours to dispose of.
   */
  readonly teacher: LayersModel;
  /**
   * How much the teacher's predictions count, in [0, 1]; the labels have the rest.
   *
   * @defaultValue 0.5
   */
  readonly weight?: number | undefined;
  /**
   * What the logits of both networks are divided by, above 0. More shows more of what the teacher thinks of the classes
   * that it does not predict.
   *
   * @defaultValue 2
   */
  readonly temperature?: number | undefined;
  /**
   * Layers whose outputs are learned too.
   *
   * @defaultValue none
   */
  readonly features?: FeatureDistillation | undefined;
}

const { list, number, object, optional, text } = rules;

const optionRules: OptionRules<DistillationOptions> = {
  teacher: rules.having('a LayersModel of TensorFlow.js', 'apply', 'getLayer'),
  weight: optional(number({ from: 0, to: 1 })),
  temperature: optional(number({ above: 0 })),
  features: optional(
    object<FeatureDistillation>({
      layers: list(text),
      weight: optional(number({ from: 0 })),
    }),
  ),
};

/** For options that hold such options. */
export const distillationRule: OptionRule = object<DistillationOptions>(optionRules);
