import type { Evaluation } from '@espalier/trainer';

/** Accuracy, where it can be told, and the metrics, each with its name. */
export function scoresOf({ accuracy, metrics = {} }: Pick<Evaluation, 'accuracy' | 'metrics'>): string[] {
  const told = Object.entries(metrics).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
  return [...(Number.isNaN(accuracy) ? [] : [`accuracy ${(100 * accuracy).toFixed(2)} %`]), ...told];
}

/** The same as the beginning of a sentence. */
export function scoreLine(evaluation: Pick<Evaluation, 'accuracy' | 'metrics'>): string {
  const line = scoresOf(evaluation).join(', ');
  return line.startsWith('accuracy') ? `A${line.slice(1)}` : line;
}
