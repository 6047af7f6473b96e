import type { SpeedReport } from '../speed/report.js';

/** Names of layers that are listed at most. */
const LISTED = 8;

/** Which of the layers that lost weights got faster by it, in a sentence. */
export function gains({ layers }: Pick<SpeedReport, 'layers'>): string[] {
  const pruned = (layers ?? []).filter(({ density, dense }) => density !== null && density < 1 && dense !== null);
  if (pruned.length === 0) return [];
  const slow = pruned.filter(({ sparse, dense }) => sparse >= (dense ?? 0)).map(({ name }) => name);
  const gained = `${pruned.length - slow.length} of ${pruned.length} layers with zeros run faster than without`;
  if (slow.length === 0) return [`${gained}.`];
  const more = slow.length > LISTED ? ` and ${slow.length - LISTED} more` : '';
  return [`${gained}; not ${slow.slice(0, LISTED).join(', ')}${more}.`];
}
