import { activationRows } from './activation-rows.js';
import { arrangementRows, otherLayers } from './arrangement-rows.js';
import { convolutionRows } from './convolution-rows.js';
import type { LayerRow } from './layer-case.js';
import { mergeRows } from './merge-rows.js';

/** Every layer that the runtime carries out. */
export const layerRows: readonly LayerRow[] = [...convolutionRows, ...activationRows, ...mergeRows, ...arrangementRows];

/** The table of the README, in Markdown. */
export function layerTable(): string {
  const cell = (texts: readonly string[]): string => texts.filter(text => text !== '').join('; ');
  const rows = layerRows.map(({ layer, cases, refusals }) => {
    const carried = cell(cases.map(({ option }) => option));
    return `| \`${layer}\` | ${carried} | ${cell(refusals.map(([option]) => option))} |`;
  });
  const others = Object.keys(otherLayers).map(name => `\`${name}\``);
  return [
    '| layer | carried out | refused |',
    '| --- | --- | --- |',
    ...rows,
    `| ${others.join(', ')} and all others | | the layer |`,
  ].join('\n');
}
