import { resolve } from 'node:path';
import { UsageError } from '../errors.js';
import { isPath } from '../method/import-module.js';
import { type ParsedOptions, requireListed, text } from '../options/read.js';

/** Losses that have a name. */
export const lossNames = ['cross-entropy', 'binary-cross-entropy', 'mean-squared-error'] as const;

/** One of them. */
export type LossName = (typeof lossNames)[number];

/** Metrics that have a name; any other number may stand behind `top`. */
export const metricNames = ['accuracy', 'top5', 'mean-squared-error', 'mean-absolute-error'] as const;

const short: ReadonlyMap<string, string> = new Map([
  ['bce', 'binary-cross-entropy'],
  ['mse', 'mean-squared-error'],
  ['mae', 'mean-absolute-error'],
]);

/** Whether a loss or metric is a function of somebody's own: `file.mjs`, or `file.mjs#name`. */
export const isOwn = (reference: string): boolean => isPath(reference.split('#')[0] ?? '');

/** True for a loss by its name. */
export const isLossName = (reference: string): reference is LossName =>
  (lossNames as readonly string[]).includes(reference);

/** How many classes a metric looks at, if it is one of `top1`, `top2`, … */
export function topOf(reference: string): number | undefined {
  const digits = /^top([1-9]\d{0,3})$/.exec(reference)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** What `--loss` says. */
export function lossOption(given: ParsedOptions): string | undefined {
  const written = text(given, 'loss');
  return written === undefined ? undefined : lossReference(written, '--loss');
}

/** What `--metric` says. */
export function metricOption(given: ParsedOptions): readonly string[] | undefined {
  const written = text(given, 'metric');
  if (written === undefined) return undefined;
  const references = written.split(',').map(part => metricReference(part.trim(), '--metric'));
  const twice = references.find((reference, index) => references.indexOf(reference) !== index);
  if (twice !== undefined) throw new UsageError(`--metric names ${twice} twice.`);
  return references;
}

/** A name, or a file by its absolute path, so that the run can be gone on with from anywhere. */
export function lossReference(written: string, where: string): string {
  return isOwn(written) ? absolute(written) : listed(written, where, lossNames);
}

/** The same for a metric. */
export function metricReference(written: string, where: string): string {
  if (isOwn(written)) return absolute(written);
  return topOf(written) === undefined ? listed(written, where, metricNames) : written;
}

function listed(written: string, where: string, names: readonly string[]): string {
  const name = short.get(written) ?? written;
  if (names.includes(name)) return name;
  try {
    requireListed(written, where, names);
  } catch (cause) {
    const own = 'Or name a module with a function of your own, such as ./focal.mjs or ./mine.mjs#name.';
    throw new UsageError(`${(cause as Error).message} ${own}`, { cause });
  }
  return name;
}

function absolute(reference: string): string {
  const [file = '', ...name] = reference.split('#');
  return [resolve(file), ...name].join('#');
}
