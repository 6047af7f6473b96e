import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedRecipe } from '../recipe-file/checked-recipe.js';
import { parseYaml } from '../recipe-file/parse-yaml.js';
import { arithmetic } from './expression.js';
import { translated } from './translate.js';

const source = (yaml: string) => ({ file: 'r.yaml', directory: '', ...parseYaml('r.yaml', yaml) });
const translate = (yaml: string) => translated(source(yaml)).value;

/** Lines of the error. */
function refusal(yaml: string): string[] {
  try {
    checkedRecipe(source(yaml));
  } catch (error) {
    expect(error).toMatchObject({ code: 'INVALID_RECIPE' });
    return (error as Error).message.split('\n');
  }
  throw new Error('not refused');
}

const gradual = (more: string): string =>
  [
    'modifiers:',
    '  - !EpochRangeModifier { start_epoch: 0.0, end_epoch: 70.0 }',
    '  - !GMPruningModifier',
    '    start_epoch: 1',
    '    end_epoch: 40',
    '    update_frequency: 0.5',
    '    init_sparsity: 0.05',
    '    final_sparsity: 0.85',
    more,
  ].join('\n');

describe('a recipe of SparseML is translated', () => {
  it('with a teacher, which the command line names', () => {
    const yaml = gradual('    params: __ALL_PRUNABLE__\n  - !DistillationModifier { hardness: 0.7, temperature: 5.0 }');
    expect(translate(yaml)).toMatchObject({ teacherWeight: 0.7, temperature: 5 });
    const usual = gradual(
      '    params: __ALL_PRUNABLE__\n  - !DistillationModifier { start_epoch: 0.0, teacher_input_keys: null }',
    );
    expect(translate(usual)).toMatchObject({ teacherWeight: 0.5, temperature: 2 });
    expect(
      refusal(gradual('    params: __ALL_PRUNABLE__\n  - !DistillationModifier { hardness: 1.5, end_epoch: 3 }')).join(
        ' ',
      ),
    ).toMatch(/hardness is 1\.5.*end_epoch is 3: .*to the end of the run/);
  });

  it('with gradual pruning, learning rate and weight decay', () => {
    const yaml = `${gradual('    params: __ALL_PRUNABLE__\n    global_sparsity: True')}
  - !SetWeightDecayModifier { weight_decay: 0.0001 }
  - !LearningRateModifier
    start_epoch: 0
    end_epoch: -1.0
    update_frequency: -1.0
    init_lr: 0.005
    lr_class: MultiStepLR
    lr_kwargs: { milestones: [43, 60], gamma: 0.1 }
`;
    expect(translate(yaml)).toEqual({
      epochs: 70,
      weightDecay: 0.0001,
      include: ['/(?<!recurrent_)kernel$/'],
      method: {
        name: 'magnitude',
        options: {
          sparsity: 0.85,
          initialSparsity: 0.05,
          cadence: { start: '1 epoch', end: '40 epochs', every: '0.5 epochs' },
          distribution: 'global',
        },
      },
      // 0.005 for 43 epochs, a tenth of it for the next 17, then a hundredth
      learningRate: {
        shape: 'segments',
        start: 0,
        segments: [
          { shape: 'constant', length: '43 epochs', value: 0.005 },
          { shape: 'constant', length: '17 epochs', value: 0.005 * 0.1 },
          { shape: 'constant', length: '1 epoch', value: 0.005 * 0.1 ** 2 },
        ],
      },
    });
    expect(checkedRecipe(source(yaml)).method).toBe('magnitude');
  });

  it.each([
    ['linear', 1],
    ['inverse_cubic', 1 / 3],
  ])('with the way %s as a polynomial', (way, power) => {
    const value = translate(gradual(`    params: ['re:.*weight', conv1/kernel]\n    inter_func: ${way}`));
    expect(value).toMatchObject({
      include: ['/^(?:(?:.*weight)|conv1\\/kernel$)/'],
      except: ['/^(?!(?:(?:.*weight)|conv1\\/kernel$))/'],
      method: {
        options: {
          distribution: 'uniform',
          schedule: { shape: 'polynomial', from: 0.05, to: 0.85, start: '1 epoch', end: '40 epochs', power },
        },
      },
    });
  });

  it('with variables, eval, groups of modifiers, types and single names in the place of tags', () => {
    const yaml = [
      'version: 1.1.0',
      'num_epochs: 10',
      'pruning_end: eval(num_epochs * 0.8)',
      'training_modifiers:',
      '  - type: EpochRangeModifier',
      '    start_epoch: 0',
      '    end_epoch: eval(num_epochs)',
      '  - LearningRateFunctionModifier: { start_epoch: 0, end_epoch: eval(num_epochs / 2), lr_func: cosine, init_lr: 0.1, final_lr: 0.01 }',
      '  - !pytorch.SetLearningRateModifier { start_epoch: 8, learning_rate: 0.001 }',
      'pruning_modifiers:',
      '  - !GlobalMagnitudePruningModifier',
      '    params: __ALL_PRUNABLE__',
      '    init_sparsity: 0',
      '    final_sparsity: eval(1 - 1 / (2 + 2))',
      '    start_epoch: -1',
      '    end_epoch: eval(pruning_end)',
      '    update_frequency: 1',
    ].join('\n');
    expect(translate(yaml)).toMatchObject({
      epochs: 10,
      method: { options: { sparsity: 0.75, cadence: { start: '0 epochs', end: '8 epochs' }, distribution: 'global' } },
      learningRate: {
        segments: [
          { shape: 'cosine', length: '5 epochs', from: 0.1, to: 0.01 },
          { shape: 'constant', length: '3 epochs', value: 0.01 },
          { shape: 'constant', length: '1 epoch', value: 0.001 },
        ],
      },
    });
  });

  it('with AC/DC in phases of ten epochs', () => {
    const of = (start: number, end: number): string =>
      `modifiers:
  - !EpochRangeModifier { start_epoch: 0, end_epoch: 110 }
  - !ACDCPruningModifier { compression_sparsity: 0.9, start_epoch: ${start}, end_epoch: ${end}, update_frequency: 10, params: __ALL_PRUNABLE__ }`;
    const options = { total: '110 epochs', sparse: '10 epochs', dense: '10 epochs', lastDense: '10 epochs' };
    // D0 S10 D20 ... S90, an even number of phases; the last sparse one goes on for the ten epochs that are left
    expect(translate(of(0, 100))).toMatchObject({
      method: {
        name: 'acdc',
        options: { phases: { ...options, warmup: '10 epochs', lastSparse: '20 epochs' }, distribution: 'global' },
      },
    });
    // D5 S15 ... S85 S95: of nine phases the last would be dense, and is sparse
    expect(translate(of(5, 95))).toMatchObject({
      method: { options: { phases: { ...options, warmup: '15 epochs', lastSparse: '35 epochs' } } },
    });
    expect(refusal(of(0, 35)).join()).toContain('there are 3.5 phases');
  });

  it('with constant masks and with second derivatives', () => {
    expect(translate('modifiers:\n  - !ConstantPruningModifier\n    params: __ALL__\n')).toEqual({
      method: { name: 'fixed', options: {} },
    });
    const obs = gradual('    params: __ALL_PRUNABLE__\n    num_grads: 256\n    damp: 1e-7\n    fisher_block_size: 50');
    expect(translate(obs.replace('GMPruning', 'OBSPruning'))).toMatchObject({
      method: { name: 'woodfisher', options: { samples: 256, damping: 1e-7, blockSize: 50, distribution: 'global' } },
    });
  });
});

describe('what cannot be expressed is refused by name, with its place', () => {
  it.each([
    [
      'modifiers:\n  - !QuantizationModifier { start_epoch: 5 }\n',
      'r.yaml:2:5: QuantizationModifier cannot be carried out here: weights are pruned and not quantized.',
    ],
    ['modifiers:\n  - !TrainableParamsModifier { trainable: false }\n', 'no layers are frozen'],
    ['modifiers:\n  - !LayerThinningModifier {}\n', 'layers, channels and filters are not taken out'],
    [
      'modifiers:\n  - !GMPruningModifer {}\n',
      'r.yaml:2:5: There is no modifier GMPruningModifer. Did you mean GMPruningModifier?',
    ],
    ['modifiers:\n  - 5\n', 'r.yaml:2:5: modifiers[0] is 5, but must be a modifier'],
    ['modifiers: 5\n', 'r.yaml:1:12: modifiers is 5, but must be a list of modifiers.'],
    ['modifiers: []\n', 'No modifier in it prunes.'],
    [
      gradual('    params: __ALL__\n    mask_type: block4'),
      'r.yaml:10:16: modifiers[1].mask_type is "block4": only single weights are masked',
    ],
    [
      gradual('    params: __ALL__\n    parms: 3'),
      'r.yaml:10:5: There is no option "parms" in modifiers[1]. Did you mean params?',
    ],
    [gradual('    params: __ALL__\n    leave_enabled: False'), 'masks stay to the end of the run'],
    [gradual('    params: 5'), 'r.yaml:9:13: GMPruningModifier: params must be __ALL_PRUNABLE__, or a list'],
    [gradual('    params: ["re:("]'), 'is no regular expression'],
    [
      gradual('    params: __ALL__').replace('0.85', '1.5'),
      'r.yaml:8:21: modifiers[1].final_sparsity is 1.5, but must be a number of at least 0 and of at most',
    ],
    [
      gradual('    params: __ALL__').replace('0.05', '__FROM_PARAM__'),
      'modifiers[1].init_sparsity is "__FROM_PARAM__"',
    ],
    [
      gradual('    params: __ALL__').replace('    update_frequency: 0.5\n', ''),
      'GMPruningModifier: There is no update_frequency',
    ],
    [gradual('    params: __ALL__').replace('40', '70'), 'r.yaml:5:16: GMPruningModifier: pruning ends with the run'],
    [
      gradual('    params: __ALL__').replace('40', 'eval(epochs)'),
      'there is no variable epochs at the top of the recipe',
    ],
    [`a: eval(b)\nb: eval(a)\n${gradual('    params: __ALL__').replace('40', 'eval(a)')}`, 'is defined by itself'],
    [gradual('    params: __ALL__').replace('40', 'eval(process.exit)'), 'there is no variable process'],
    [gradual('    params: __ALL__').replace('40', 'eval(1/0)'), 'its value is not finite'],
    [
      `${gradual('    params: __ALL__')}\n${gradual('    params: __ALL__').split('\n').slice(2).join('\n')}`,
      'a run has one pruning modifier',
    ],
    [
      `${gradual('    params: __ALL__')}\n  - !SetLearningRateModifier { start_epoch: 3, learning_rate: 0.1 }`,
      'nothing says the learning rate before epoch 3',
    ],
    [
      `first_stage:\n  ${gradual('    params: __ALL__').replaceAll('\n', '\n  ')}\nother_modifiers: []\n`,
      'r.yaml:1:1: first_stage is a stage of its own',
    ],
  ])('%j', (yaml, message) => {
    expect(refusal(yaml).join('\n')).toContain(message);
  });

  it('all at once', () => {
    const yaml = `${gradual('    params: __ALL__\n    mask_type: block4')}\n  - !QuantizationModifier {}\n  - !LayerThinningModifier {}\n`;
    expect(refusal(yaml)).toHaveLength(3);
  });

  it('and what only shows later has the place of its field', () => {
    const checked = checkedRecipe(source(gradual('    params: __ALL__')));
    const place = checked.source.places.get(JSON.stringify(['method', 'options', 'cadence', 'end']));
    expect(place?.value).toEqual({ line: 5, column: 16 });
  });
});

describe('arithmetic', () => {
  const none = (): number => Number.NaN;

  it('is that of JavaScript, for expressions of numbers', () => {
    const expression = fc.letrec<{ all: string }>(tie => ({
      all: fc.oneof(
        { maxDepth: 5 },
        fc.integer({ min: 0, max: 99 }).map(String),
        fc.constantFrom('0.5', '.25', '1e2'),
        fc.tuple(tie('all'), fc.constantFrom('+', '-', '*', '/', ' + '), tie('all')).map(parts => parts.join('')),
        tie('all').map(inner => `(${inner})`),
        tie('all').map(inner => ` -(${inner})`),
      ),
    })).all;
    fc.assert(
      fc.property(expression, text => {
        const value: unknown = new Function(`return ${text}`)();
        fc.pre(Number.isFinite(value) && text.length <= 1000);
        expect(arithmetic(text, none)).toBe(value);
      }),
    );
  });

  it.each([
    '',
    '1 +',
    '(1',
    '1)',
    '1 2',
    'a',
    '2 ** 3',
    '1; 2',
    '"a"',
    '[1]',
    '__import__("os")',
    '1'.repeat(1001),
    '('.repeat(40),
  ])('refuses %j', text => {
    expect(() => arithmetic(text, none)).toThrow();
  });
});
