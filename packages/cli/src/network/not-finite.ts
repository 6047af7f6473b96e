import type { Checkpoint } from '@espalier/core';

/** A line about weights that hold NaN or infinity, which make what a network gives useless; undefined for none. */
export function notFiniteLine({ weights }: Checkpoint): string | undefined {
  const found = [...weights].filter(([, { values }]) => !values.every(Number.isFinite)).map(([name]) => name);
  if (found.length === 0) return undefined;
  const [which, hold] = found.length === 1 ? ['A weight', 'holds'] : [`${found.length} weights`, 'hold'];
  const shown = found.slice(0, 3).join(', ');
  const more = found.length > 3 ? ` and ${found.length - 3} more` : '';
  return (
    `Warning: ${which} of the network ${hold} NaN or infinity (${shown}${more}), so that what it gives is of no use. ` +
    'Training ended badly, or the file is damaged: take an earlier checkpoint.'
  );
}
