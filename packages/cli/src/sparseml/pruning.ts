import type { Json } from '@espalier/core';
import type { Path } from '../schema/problem.js';
import { epochsText } from './epochs.js';
import type { Modifier } from './modifier.js';
import { type Selection, selectionOf } from './selection.js';

/** A pruning modifier as a method. */
export interface TranslatedMethod {
  readonly method: { readonly name: string; readonly options: { readonly [option: string]: Json } };
  readonly selection: Selection;
  /** Where options come from, for errors that show later. */
  readonly origins: readonly (readonly [option: Path, field: Path])[];
}

/** Powers of `1 − progress` in the ways from the first to the last sparsity. */
const powers: ReadonlyMap<Json, number> = new Map<Json, number>([
  ['linear', 1],
  ['cubic', 3],
  ['inverse_cubic', 1 / 3],
]);

const blocks = 'only single weights are masked (unstructured).';

/** What all gradual pruning modifiers have. */
function gradual(modifier: Modifier, end: number, globally: boolean | undefined): TranslatedMethod {
  const fraction = { least: 0, most: 0.9999999 };
  const from = modifier.number('init_sparsity', fraction);
  const to = modifier.number('final_sparsity', fraction);
  const start = Math.max(0, modifier.number('start_epoch', { least: -1 }));
  const last = modifier.number('end_epoch', { least: 0 });
  const every = modifier.number('update_frequency', { least: Number.MIN_VALUE });
  const way = modifier.value('inter_func') ?? 'cubic';
  const power = powers.get(way);
  if (power === undefined) modifier.refuse('inter_func', `inter_func must be one of ${[...powers.keys()].join(', ')}.`);
  const everywhere = modifier.value('global_sparsity') ?? globally;
  if (typeof everywhere !== 'boolean') modifier.refuse('global_sparsity', 'global_sparsity must be true or false.');
  modifier.only('mask_type', ['unstructured'], blocks);
  modifier.only('leave_enabled', [true], 'masks stay to the end of the run.');
  if (last >= end) {
    const more = `Let EpochRangeModifier end after ${last}.`;
    modifier.refuse('end_epoch', `pruning ends with the run, so that nothing is trained at the last sparsity. ${more}`);
  }
  const window = { start: epochsText(start), end: epochsText(last) };
  const schedule: { readonly [option: string]: Json } =
    power === 3 ? {} : { schedule: { shape: 'polynomial', from, to, ...window, power: power ?? 1 } };
  const cadence: Path = ['cadence'];
  return {
    method: {
      name: 'magnitude',
      options: {
        sparsity: to,
        initialSparsity: from,
        cadence: { ...window, every: epochsText(every) },
        distribution: everywhere === true ? 'global' : 'uniform',
        ...schedule,
      },
    },
    selection: selectionOf(modifier),
    origins: [
      [['sparsity'], modifier.at('final_sparsity')],
      [['initialSparsity'], modifier.at('init_sparsity')],
      [cadence, modifier.path],
      [[...cadence, 'start'], modifier.at('start_epoch')],
      [[...cadence, 'end'], modifier.at('end_epoch')],
      [[...cadence, 'every'], modifier.at('update_frequency')],
    ],
  };
}

function magnitude(modifier: Modifier, end: number, globally: boolean): TranslatedMethod {
  modifier.only('phased', [false], 'phases in turn are ACDCPruningModifier.');
  modifier.only(
    'score_type',
    ['magnitude'],
    'weights are scored by their magnitude; name another method in a recipe of Espalier.',
  );
  return gradual(modifier, end, globally);
}

/** The inverse of WoodFisher, by the names of SparseML. */
function secondOrder(modifier: Modifier, end: number): TranslatedMethod {
  const translated = gradual(modifier, end, true);
  modifier.only('num_recomputations', [1], 'the estimate is made once for each cut.');
  modifier.only('grad_sampler_kwargs', [], "gradients are of the run's own batches.");
  const options = {
    samples: modifier.number('num_grads', { least: 1, otherwise: 1024 }),
    blockSize: modifier.number('fisher_block_size', { least: 1, otherwise: 1 }),
    damping: modifier.number('damp', { least: 0, otherwise: 1e-7 }),
  };
  return { ...translated, method: { name: 'woodfisher', options: { ...translated.method.options, ...options } } };
}

/** Dense and sparse phases of one length in turn; the last one is sparse, and stays so to the end of the run. */
function acdc(modifier: Modifier, end: number): TranslatedMethod {
  const sparsity = modifier.number('compression_sparsity', { least: 0, most: 0.9999999 });
  const start = Math.max(0, modifier.number('start_epoch', { least: -1 }));
  const last = modifier.number('end_epoch', { least: 1 });
  const length = modifier.number('update_frequency', { least: 1 });
  const everywhere = modifier.value('global_sparsity') ?? true;
  modifier.only('mask_type', ['unstructured'], blocks);
  modifier.only('leave_enabled', [true], 'masks stay to the end of the run.');
  modifier.only('momentum_buffer_reset', [true], 'momentum is always reset before a dense phase.');
  const phases = (last - start) / length;
  if (!Number.isNaN(phases) && (!Number.isInteger(phases) || phases < 4)) {
    modifier.refuse(
      'update_frequency',
      `from start_epoch to end_epoch there are ${phases} phases, but there must be a whole number of at least 4.`,
    );
  }
  // The last phase is sparse: where the phases are odd in number, the one before it is sparse too.
  const lastSparse = (phases % 2 === 0 ? length : 2 * length) + Math.max(0, end - last);
  const of = { sparse: epochsText(length), dense: epochsText(length), lastDense: epochsText(length) };
  const lengths = { total: epochsText(Math.max(end, last)), warmup: epochsText(start + length), ...of };
  return {
    method: {
      name: 'acdc',
      options: {
        sparsity,
        phases: { ...lengths, lastSparse: epochsText(lastSparse) },
        distribution: everywhere === true ? 'global' : 'uniform',
      },
    },
    selection: selectionOf(modifier),
    origins: [
      [['sparsity'], modifier.at('compression_sparsity')],
      [['phases'], modifier.path],
    ],
  };
}

/** The masks of a sparse network stay as they are. */
function constant(modifier: Modifier): TranslatedMethod {
  modifier.only('start_epoch', [-1, 0], 'masks hold from the beginning of the run.');
  modifier.only('end_epoch', [-1], 'masks hold to the end of the run.');
  modifier.only('update_frequency', [-1], 'masks do not change.');
  const written = modifier.value('params');
  const all = written === '__ALL__' || written === '__ALL_PRUNABLE__';
  return { method: { name: 'fixed', options: {} }, selection: all ? {} : selectionOf(modifier), origins: [] };
}

/** The modifiers that are methods; `end` is the epoch in which the run ends. */
export const pruningModifiers: ReadonlyMap<string, (modifier: Modifier, end: number) => TranslatedMethod> = new Map(
  Object.entries({
    GMPruningModifier: (modifier: Modifier, end: number) => magnitude(modifier, end, false),
    MagnitudePruningModifier: (modifier: Modifier, end: number) => magnitude(modifier, end, false),
    GlobalMagnitudePruningModifier: (modifier: Modifier, end: number) => magnitude(modifier, end, true),
    OBSPruningModifier: secondOrder,
    ACDCPruningModifier: acdc,
    ConstantPruningModifier: constant,
  }),
);
