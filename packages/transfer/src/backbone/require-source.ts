import { InvalidOptionError } from '@espalier/core';

/** Refuses what is no checkpoint and no model; nor, where these will do, something that extracts features. */
export function requireSource(source: unknown, extractors: boolean): void {
  if (typeof source === 'object' && source !== null) {
    const has = (name: string, type: string): boolean => typeof (source as Record<string, unknown>)[name] === type;
    const checkpoint = has('format', 'string') && (source as { weights?: unknown }).weights instanceof Map;
    const model = has('apply', 'function') && has('toJSON', 'function') && has('layers', 'object');
    const extractor = has('extract', 'function') && has('dimension', 'number') && has('identity', 'function');
    if (checkpoint || model || (extractors && extractor)) return;
  }
  throw new InvalidOptionError(
    'source',
    source,
    `a checkpoint, a LayersModel${extractors ? ', or a FeatureExtractor' : ''}`,
  );
}
