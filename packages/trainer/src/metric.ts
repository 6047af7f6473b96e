import { InvalidOptionError } from '@espalier/core';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { outputNamesOf } from './output/names.js';

/**
 * What is told of a batch besides its loss, as a scalar: the mean over its examples. As the option `metric` a fraction
 * that is right, in [0, 1], for outputs of which accuracy cannot be told, such as those of detectors and sequences; as
 * one of `metrics` any number. `outputs` are what the model gives, `labels` those of the {@link Batch}.
 */
export type Metric = (outputs: tf.Tensor, labels: tf.Tensor) => tf.Scalar;

/** The metric of one of several outputs. */
export interface OutputMetric {
  /** Name of the output; its labels are those of the same name or place. */
  readonly output: string;
  /** What is told of it. */
  readonly metric: Metric;
}

/** Metrics by the names under which they are reported. */
export interface Metrics {
  readonly [name: string]: Metric | OutputMetric;
}

/** A metric with the place of its output. */
export interface PlacedMetric {
  readonly name: string;
  readonly index: number;
  readonly metric: Metric;
}

/** Finds the output of a metric; refuses names that no output has, and metrics of nobody knows which output. */
export function placedMetric(model: LayersModel, option: string, given: Metric | OutputMetric): PlacedMetric {
  const names = outputNamesOf(model);
  if (typeof given === 'function') {
    if (names.length === 1) return { name: option, index: 0, metric: given };
    throw new InvalidOptionError(
      option,
      'a function',
      `{ output, metric } with one of the outputs ${names.join(', ')}`,
    );
  }
  const { output, metric } = (given ?? {}) as Partial<OutputMetric>;
  if (typeof metric !== 'function') {
    throw new InvalidOptionError(option, given, 'a function of outputs and labels, or { output, metric }');
  }
  const index = names.indexOf(String(output));
  if (index < 0) throw new InvalidOptionError(`${option}.output`, output, `the name of an output: ${names.join(', ')}`);
  return { name: option, index, metric };
}

/** All metrics of an evaluation. */
export function placedMetrics(model: LayersModel, given: Metrics | undefined): PlacedMetric[] {
  return Object.entries(given ?? {}).map(([name, metric]) => ({
    ...placedMetric(model, `metrics.${name}`, metric),
    name,
  }));
}
