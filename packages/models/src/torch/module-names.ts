import { familyMark } from './mobile-family.js';

/** Ways from our names of layers to PyTorch's modules, for one architecture. */
interface Naming {
  /** A layer by which the architecture shows. */
  readonly mark: string;
  readonly rules: readonly (readonly [pattern: RegExp, module: string | ((...groups: string[]) => string)])[];
}

const position = (kind: string, suffix: string): number => (kind === 'pw' ? 3 : 0) + (suffix ? 1 : 0);

/** The names under which the loader finds each layer; where frameworks differ, those of the first in its list. */
const namings: readonly Naming[] = [
  {
    mark: 'conv_dw_1',
    rules: [
      [/^conv1$/, 'model.0.0'],
      [/^conv1_bn$/, 'model.0.1'],
      [
        /^conv_(dw|pw)_(\d+)(_bn)?$/,
        (kind = '', block = '', suffix = '') => `model.${block}.${position(kind, suffix)}`,
      ],
      [/^logits$/, 'fc'],
    ],
  },
  {
    mark: 'stage1_block0_conv1',
    rules: [
      [/^stem_conv$/, 'conv1'],
      [/^stem_norm$/, 'bn1'],
      [/^stage(\d+)_block(\d+)_conv(\d)$/, 'layer$1.$2.conv$3'],
      [/^stage(\d+)_block(\d+)_norm(\d)$/, 'layer$1.$2.bn$3'],
      [/^logits$/, 'linear'],
    ],
  },
  {
    mark: familyMark,
    rules: [
      [/^blocks_(\d+)_(\d+)_se_(\w+)$/, 'blocks.$1.$2.se.$3'],
      [/^blocks_(\d+)_(\d+)_(\w+)$/, 'blocks.$1.$2.$3'],
    ],
  },
  {
    mark: 'layer1_0_conv1',
    rules: [
      [/^layer(\d)_(\d+)_downsample_(\d)$/, 'layer$1.$2.downsample.$3'],
      [/^layer(\d)_(\d+)_(\w+)$/, 'layer$1.$2.$3'],
    ],
  },
  { mark: 'block1_layer_0_conv1', rules: [[/^block(\d)_layer_(\d+)_(\w+)$/, 'block$1.layer.$2.$3']] },
  { mark: 'features_0', rules: [[/^(features|classifier)_(\d+)$/, '$1.$2']] },
];

/**
 * PyTorch's name of a layer by ours, for the architectures here that have a counterpart in PyTorch; undefined for all
 * other models. Layers that no rule is for are called the same.
 */
export function moduleNames(layers: ReadonlySet<string>): ((layer: string) => string) | undefined {
  const naming = namings.find(({ mark }) => layers.has(mark));
  if (!naming) return undefined;
  return layer => {
    for (const [pattern, module] of naming.rules) {
      if (pattern.test(layer)) return layer.replace(pattern, (...found) => named(module, found));
    }
    return layer;
  };
}

function named(module: Naming['rules'][number][1], found: readonly unknown[]): string {
  const groups = found.slice(1, -2).map(group => (group === undefined ? '' : String(group)));
  if (typeof module === 'function') return module(...groups);
  return module.replace(/\$(\d)/g, (_, place: string) => groups[Number(place) - 1] ?? '');
}
