/** Places of the layers of one block, by their names in `efficientnet_lite_pytorch`. */
const expanded: Readonly<Record<string, string>> = {
  _expand_conv: 'conv_pw',
  _bn0: 'bn1',
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn2',
  _project_conv: 'conv_pwl',
  _bn2: 'bn3',
};

const separable: Readonly<Record<string, string>> = {
  _depthwise_conv: 'conv_dw',
  _bn1: 'bn1',
  _project_conv: 'conv_pw',
  _bn2: 'bn2',
};

const ends: Readonly<Record<string, string>> = {
  _conv_stem: 'conv_stem',
  _bn0: 'bn1',
  _conv_head: 'conv_head',
  _bn1: 'bn2',
  _fc: 'classifier',
};

/** True for names of `efficientnet_lite_pytorch`, which counts the blocks of all stages from 0. */
export const isUnderscored = (module: string): boolean =>
  /^_(?:conv_stem|conv_head|bn\d|blocks\.\d+\.|fc$)/.test(module);

/** Our layer by its name in `efficientnet_lite_pytorch`; `layers` are all layers of the model. */
export function underscoredNames(layers: ReadonlySet<string>): (module: string) => string | undefined {
  const blocks = [...layers].flatMap(name => /^(blocks_\d+_\d+)_conv_dw$/.exec(name)?.[1] ?? []);
  return module => {
    const [, index, part = ''] = /^_blocks\.(\d+)\.(\w+)$/.exec(module) ?? [];
    if (index === undefined) return ends[module];
    const block = blocks[Number(index)];
    const parts = layers.has(`${block}_conv_pwl`) ? expanded : separable;
    return block === undefined || parts[part] === undefined ? undefined : `${block}_${parts[part]}`;
  };
}
