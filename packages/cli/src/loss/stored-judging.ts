import { type Checkpoint, visibleText } from '@espalier/core';
import type { JudgingRequest } from './judging.js';
import { isLossName, isOwn, metricNames, topOf } from './names.js';

/** Loss and metrics that a checkpoint was trained with. */
export interface StoredJudging extends Pick<JudgingRequest, 'loss' | 'metric'> {
  /** Modules of its own functions, which are not run because a file names them: the loss, and the metrics. */
  readonly ownLoss?: string;
  readonly ownMetrics: readonly string[];
}

/** Loss and metrics that a checkpoint was trained with: those that have names, and the names of modules. */
export function storedJudging({ metadata }: Checkpoint): StoredJudging {
  const { recipe } = metadata;
  if (typeof recipe !== 'object' || recipe === null) return { ownMetrics: [] };
  const { loss, metric } = recipe as { readonly loss?: unknown; readonly metric?: unknown };
  const metrics: readonly unknown[] = Array.isArray(metric) ? metric : [];
  const names = metrics.filter(isMetricName);
  return {
    ...(typeof loss === 'string' && isLossName(loss) ? { loss } : {}),
    ...(typeof loss === 'string' && isOwn(loss) ? { ownLoss: loss } : {}),
    ...(names.length === 0 ? {} : { metric: names }),
    ownMetrics: metrics.filter((name): name is string => typeof name === 'string' && isOwn(name)),
  };
}

/** Says which functions of its own a checkpoint was judged by that `eval` does not run unless it is told to. */
export function unjudged(
  { ownLoss, ownMetrics }: StoredJudging,
  given: { readonly loss: string | undefined; readonly metric: readonly string[] | undefined },
): string[] {
  const why = 'code that a checkpoint names is not run by itself';
  const shown = (reference: string): string => visibleText(reference, LONGEST_REFERENCE);
  return [
    ...(ownLoss !== undefined && given.loss === undefined
      ? [`The loss below is not that of the training, ${shown(ownLoss)}: ${why}. Name it with --loss.`]
      : []),
    ...(ownMetrics.length > 0 && given.metric === undefined
      ? [`Left out: the metrics ${ownMetrics.map(shown).join(', ')}, since ${why}. Name them with --metric.`]
      : []),
  ];
}

/** Longest reference in a line for people. */
const LONGEST_REFERENCE = 120;

const isMetricName = (name: unknown): name is string =>
  typeof name === 'string' &&
  !isOwn(name) &&
  ((metricNames as readonly string[]).includes(name) || topOf(name) !== undefined);
