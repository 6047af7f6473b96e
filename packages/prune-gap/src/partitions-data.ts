import { InvalidOptionError, type Json, type OptionRule, rules, withDataForm } from '@espalier/core';
import { byBlock, convStages, transformerBlocks } from './by-block.js';
import { byName } from './by-name.js';
import { contiguous } from './contiguous.js';
import type { PartitionRule } from './partition-rule.js';

const { integer, list, text } = rules;
const count = integer({ from: 1 });
const groups = list(list(text));
const named: ReadonlyMap<string, () => PartitionRule> = new Map([
  ['convStages', convStages],
  ['transformerBlocks', () => transformerBlocks()],
]);

/**
 * A number of contiguous partitions or a rule; as data a number, the name of a rule, `/a pattern/` of blocks, or one
 * list of weights and `/patterns/` for each partition.
 */
export const partitionsRule: OptionRule = withDataForm(
  () => {},
  {
    anyOf: [
      count.data?.schema ?? true,
      { enum: [...named.keys()] },
      { type: 'string', pattern: '^/.+/$' },
      groups.data?.schema ?? true,
    ],
  },
  partitionsFromData,
);

function partitionsFromData(option: string, written: Json): PartitionRule {
  if (typeof written === 'number') {
    count(option, written as never);
    return contiguous(written);
  }
  if (Array.isArray(written)) {
    groups(option, written as never);
    return byName(written.map((group: string[]) => group.map(entry => patternIn(option, entry) ?? entry)));
  }
  const rule = named.get(String(written))?.();
  if (rule) return rule;
  const pattern = patternIn(option, String(written));
  if (pattern) return byBlock(pattern);
  const names = [...named.keys()].join(', ');
  throw new InvalidOptionError(
    option,
    written,
    `an integer ≥ 1, one of ${names}, a /pattern/ of blocks or lists of names`,
  );
}

/** The pattern that stands between slashes, if it does. */
function patternIn(option: string, written: string): RegExp | undefined {
  const [, source] = /^\/(.+)\/$/.exec(written) ?? [];
  if (source === undefined) return undefined;
  try {
    return new RegExp(source);
  } catch {
    throw new InvalidOptionError(option, written, 'a regular expression between slashes');
  }
}
