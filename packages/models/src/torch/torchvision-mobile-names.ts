import { lastConvolution } from './mobile-family.js';

/** True for names that torchvision's MobileNetV2 and V3 have. */
export const isTorchvisionMobile = (module: string): boolean => /^(?:features|classifier)\.\d+(?:\.|$)/.test(module);

/** Convolution and normalization of one step of a block, at the positions of torchvision's sequence of them. */
interface Step {
  readonly layers: readonly [convolution: string, normalization: string] | 'squeeze';
}

/**
 * Our layer by its name in torchvision's MobileNetV2 and V3, which count the blocks of all stages as `features.1` and
 * on; `layers` are all layers of the model in their order.
 */
export function torchvisionMobileNames(layers: ReadonlySet<string>): (module: string) => string | undefined {
  const blocks = [...layers].flatMap(name => /^(blocks_\d+_\d+)_conv_dw$/.exec(name)?.[1] ?? []);
  const last = [...layers].flatMap(name => lastConvolution.exec(name)?.[1] ?? [])[0];
  const ends = new Map([
    ['features.0.0', 'conv_stem'],
    ['features.0.1', 'bn1'],
    [`features.${blocks.length + 1}.0`, last ? `${last}_conv` : 'conv_head'],
    [`features.${blocks.length + 1}.1`, last ? `${last}_bn1` : 'bn2'],
    ...(last
      ? ([
          ['classifier.0', 'conv_head'],
          ['classifier.3', 'classifier'],
        ] as const)
      : ([['classifier.1', 'classifier']] as const)),
  ]);
  return module => {
    const [, index, place = ''] = /^features\.(\d+)\.(?:conv|block)\.(.+)$/.exec(module) ?? [];
    if (index === undefined) return ends.get(module);
    const block = blocks[Number(index) - 1];
    const part = block === undefined ? undefined : partOf(stepsOf(block, layers), place);
    return part === undefined ? undefined : `${block}_${part}`;
  };
}

/** The steps of a block, in the order of torchvision's sequence. */
function stepsOf(block: string, layers: ReadonlySet<string>): readonly Step[] {
  const expands = layers.has(`${block}_conv_pwl`);
  const convolutions = expands ? ['conv_pw', 'conv_dw', 'conv_pwl'] : ['conv_dw', 'conv_pw'];
  const steps: Step[] = convolutions.map((name, i) => ({ layers: [name, `bn${i + 1}`] as const }));
  if (layers.has(`${block}_se_conv_reduce`)) steps.splice(-1, 0, { layers: 'squeeze' });
  return steps;
}

/** `1.0` is the first layer of the second step; in MobileNetV2 the last step is no sequence of its own. */
function partOf(steps: readonly Step[], place: string): string | undefined {
  const [, step, inner] = /^(\d+)(?:\.(0|1|fc1|fc2))?$/.exec(place) ?? [];
  const [position, last] = [Number(step), steps.length - 1];
  const found = steps[position]?.layers;
  if (inner === undefined) {
    const projection = steps[last]?.layers;
    return typeof projection === 'object' ? projection[position - last] : undefined;
  }
  if (found === 'squeeze') return { fc1: 'se_conv_reduce', fc2: 'se_conv_expand' }[inner];
  return found?.[Number(inner)];
}
