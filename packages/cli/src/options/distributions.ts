import { type Distribution, erdosRenyi, erdosRenyiKernel, global, lamp, uniform, uniformPlus } from '@espalier/core';

const distributions: ReadonlyMap<string, Distribution> = new Map(
  Object.entries({ global, uniform, uniformPlus, erdosRenyi, erdosRenyiKernel, lamp }),
);

/** Names of the distributions that a command line can choose. */
export const distributionNames: readonly string[] = [...distributions.keys()];

/** The distribution of a name, if there is one. */
export function distributionByName(name: string): Distribution | undefined {
  return distributions.get(name);
}
