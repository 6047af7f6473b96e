import type { ModelOutput } from '@espalier/trainer';

/** What the numbers of a prediction are. */
export type ScoreKind = 'probabilities' | 'scores';

/** How the outputs of a network become a number for each class. */
export interface Scoring {
  readonly classes: number;
  readonly of: ScoreKind;
  /** One number for each class out of the outputs for one image. */
  read(outputs: Float32Array): readonly number[];
}

/**
 * Softmax of logits, probabilities as they are; one unit of a sigmoid tells two classes apart, several are each a
 * probability of its own. Of anything else the numbers are scores as they are.
 */
export function scoringOf({ kind }: Pick<ModelOutput, 'kind'>, units: number): Scoring {
  const plain = (outputs: Float32Array): number[] => [...outputs];
  if (kind === 'sigmoid' && units === 1) {
    return { classes: 2, of: 'probabilities', read: ([yes = 0]) => [1 - yes, yes] };
  }
  if (kind === 'logits' && units > 1) return { classes: units, of: 'probabilities', read: softmax };
  return { classes: units, of: kind === 'softmax' || kind === 'sigmoid' ? 'probabilities' : 'scores', read: plain };
}

function softmax(logits: Float32Array): number[] {
  const largest = logits.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = [...logits].map(value => Math.exp(value - largest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map(value => value / sum);
}

/** A class and its number. */
export interface Prediction {
  /** Index of the output. */
  readonly label: number;
  readonly name: string;
  /** Probability, or score as the network gives it. */
  readonly value: number;
}

/** The classes with the largest numbers; of equal ones the lower label first. */
export function likeliest(values: readonly number[], names: readonly string[], count: number): Prediction[] {
  return values
    .map((value, label) => ({ label, name: names[label] ?? String(label), value }))
    .sort((a, b) => b.value - a.value || a.label - b.label)
    .slice(0, count);
}
