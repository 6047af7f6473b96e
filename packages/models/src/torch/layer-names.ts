import type { Leaf } from '../leaves.js';
import { familyMark } from './mobile-family.js';
import { isTorchvisionMobile, torchvisionMobileNames } from './torchvision-mobile-names.js';
import { isUnderscored, underscoredNames } from './underscored-names.js';

/** A pattern of PyTorch's names, and what its groups make of them. */
type Rule = readonly [pattern: RegExp, name: (...groups: string[]) => string];

/**
 * `dw` or `pw`, and whether normalized, by the position in a block of PyTorch's MobileNetV1; 2 and 5 are activations.
 */
const parts: Readonly<Record<string, readonly [kind: string, suffix: string]>> = {
  0: ['dw', ''],
  1: ['dw', '_bn'],
  3: ['pw', ''],
  4: ['pw', '_bn'],
};

const separable = (block: number, part: string): string => {
  const [kind, suffix] = parts[part] ?? [];
  return `conv_${kind}_${block}${suffix}`;
};

const mobileNet: readonly Rule[] = [
  [/^(?:model\.0|conv1)\.0$/, () => 'conv1'],
  [/^(?:model\.0|conv1)\.1$/, () => 'conv1_bn'],
  [/^model\.([1-9]\d*)\.([0134])$/, (block = '', part = '') => separable(Number(block), part)],
  [/^features\.(\d+)\.([0134])$/, (block = '', part = '') => separable(Number(block) + 1, part)],
  [/^(?:fc|classifier\.0)$/, () => 'logits'],
];

const cifarResNet: readonly Rule[] = [
  [/^conv1$/, () => 'stem_conv'],
  [/^bn1$/, () => 'stem_norm'],
  [/^layer(\d+)\.(\d+)\.conv(\d)$/, (stage, block, index) => `stage${stage}_block${block}_conv${index}`],
  [/^layer(\d+)\.(\d+)\.bn(\d)$/, (stage, block, index) => `stage${stage}_block${block}_norm${index}`],
  [/^(?:linear|fc)$/, () => 'logits'],
];

/** Names of ResNet-50 as converted from RigL's TensorFlow code. */
const rigl: readonly Rule[] = [
  [/^initial_conv\.(conv|bn)$/, kind => `${kind}1`],
  [/^layer(\d+)\.block\.(\d+)\.shortcut\.conv$/, (stage, block) => `layer${stage}_${block}_downsample_0`],
  [/^layer(\d+)\.block\.(\d+)\.shortcut\.bn$/, (stage, block) => `layer${stage}_${block}_downsample_1`],
  [
    /^layer(\d+)\.block\.(\d+)\.conv(\d)\.(conv|bn)$/,
    (stage, block, index, kind) => `layer${stage}_${block}_${kind}${index}`,
  ],
];

const generic: readonly Rule[] = [...rigl, [/^(.*)$/, module => (module as string).replaceAll('.', '_')]];

/** True for names that only RigL's ResNet-50 has. */
export const isRiglName = (module: string): boolean => rigl.some(([pattern]) => pattern.test(module));

/**
 * Our layer by PyTorch's name of it, for the architecture of a model, which shows in the names of its layers; undefined
 * for names that the architecture does not have. A layer of a nested model goes by its own name and by those of the
 * models around it before that, `head_fc`, as far as no other goes by it.
 */
export function layerFinder(leaves: readonly Leaf[]): (module: string) => Leaf | undefined {
  const byName = new Map<string, Leaf[]>();
  const whole = new Map<string, Leaf>();
  for (const leaf of leaves) {
    const names = leaf.path.map((_, i) => leaf.path.slice(i).join('_'));
    whole.set(names[0] as string, leaf);
    for (const name of new Set(names)) byName.set(name, [...(byName.get(name) ?? []), leaf]);
  }
  const nameOf = nameRules(new Set(leaves.map(({ layer }) => layer.name)));
  return module => {
    const name = nameOf(module);
    const [only, ...others] = byName.get(name ?? '') ?? [];
    return others.length === 0 ? only : whole.get(name ?? '');
  };
}

function nameRules(layers: ReadonlySet<string>): (module: string) => string | undefined {
  const has = (name: string): boolean => layers.has(name);
  const rules = has('conv_dw_1') ? mobileNet : has('stage1_block0_conv1') ? cifarResNet : generic;
  const mobile = has(familyMark);
  const [underscored, torchvision] = [underscoredNames(layers), torchvisionMobileNames(layers)];
  return module => {
    if (mobile && isUnderscored(module)) return underscored(module);
    if (mobile && isTorchvisionMobile(module)) return torchvision(module);
    for (const [pattern, name] of rules) {
      const match = pattern.exec(module);
      if (match) return name(...match.slice(1));
    }
    return undefined;
  };
}
