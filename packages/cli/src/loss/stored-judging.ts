import type { Checkpoint } from '@espalier/core';
import type { JudgingRequest } from './judging.js';
import { isLossName, isOwn, metricNames, topOf } from './names.js';

/**
 * Loss and metrics that a checkpoint was trained with, as far as they have names: no code is run that a file names.
 */
export function storedJudging({ metadata }: Checkpoint): Pick<JudgingRequest, 'loss' | 'metric'> {
  const { recipe } = metadata;
  if (typeof recipe !== 'object' || recipe === null) return {};
  const { loss, metric } = recipe as { readonly loss?: unknown; readonly metric?: unknown };
  const names = (Array.isArray(metric) ? metric : []).filter(isMetricName);
  return {
    ...(typeof loss === 'string' && isLossName(loss) ? { loss } : {}),
    ...(names.length === 0 ? {} : { metric: names }),
  };
}

const isMetricName = (name: unknown): name is string =>
  typeof name === 'string' &&
  !isOwn(name) &&
  ((metricNames as readonly string[]).includes(name) || topOf(name) !== undefined);
