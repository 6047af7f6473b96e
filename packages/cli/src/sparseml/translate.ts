import { type Json, nearestName } from '@espalier/core';
import { type Entry, placeKey, type RecipeSource, refuseRecipe } from '../recipe-file/recipe-source.js';
import type { Path, Problem } from '../schema/problem.js';
import { isKeywords, type Keywords } from '../schema/schema-problems.js';
import { epochsText } from './epochs.js';
import { evaluated, isModifiers } from './evaluated.js';
import { rateModifiers, scheduleOf } from './learning-rate.js';
import { type Modifier, modifiersOf } from './modifier.js';
import { pruningModifiers } from './pruning.js';
import { notTranslated } from './refused.js';
import { merged, type Translated } from './several.js';
import { isStage, stageOf } from './stage.js';

const others = ['EpochRangeModifier', 'SetWeightDecayModifier', 'DistillationModifier'];

/** Names of all modifiers that are translated. */
export const translatedModifiers: readonly string[] = [...others, ...pruningModifiers.keys(), ...rateModifiers.keys()];

/** Whether a recipe is in the words of SparseML. */
export const hasModifiers = (value: Json): boolean =>
  isKeywords(value) && (Object.keys(value).some(isModifiers) || Object.values(value).some(isStage));

/**
 * A recipe of SparseML in the words of this command. Places of options are those of the fields that they come from.
 *
 * @throws {@link RecipeError} naming everything in it that cannot be expressed, and why.
 */
export function translated(source: RecipeSource): RecipeSource {
  const problems: Problem[] = [];
  const { path, recipe } = stageOf(source.value as Keywords, problems);
  const modifiers = modifiersOf(evaluated(recipe, problems, path), problems, path);
  const end = Math.max(...modifiers.map(({ fields }) => Number(fields.end_epoch ?? -1)).filter(Number.isFinite), -1);
  const entries = new Map<string, Json>();
  const places = new Map<string, Entry>();
  const from = (key: Path, origin: Path): void => {
    const entry = source.places.get(placeKey(origin));
    if (entry) places.set(placeKey(key), entry);
  };
  from([], []);
  if (end > 0) entries.set('epochs', Number(epochsText(end).split(' ')[0]));
  const methods: Translated[] = [];
  const rates: Parameters<typeof scheduleOf>[0][number][] = [];
  for (const modifier of modifiers) {
    const method = pruningModifiers.get(modifier.type);
    const rate = rateModifiers.get(modifier.type);
    if (method) methods.push({ modifier, of: method(modifier, end > 0 ? end : Infinity) });
    else if (rate) rates.push({ modifier, stretches: rate(modifier) });
    else if (modifier.type === 'EpochRangeModifier') epochRange(modifier);
    else if (modifier.type === 'SetWeightDecayModifier') entries.set('weightDecay', decayOf(modifier));
    else if (modifier.type === 'DistillationModifier') distillation(modifier, entries, from);
    else {
      problems.push({ path: modifier.path, message: unknown(modifier.type) });
      continue;
    }
    modifier.close();
    if (modifier.type === 'SetWeightDecayModifier') from(['weightDecay'], modifier.at('weight_decay'));
    if (modifier.type === 'EpochRangeModifier') from(['epochs'], modifier.at('end_epoch'));
    if (rate) from(['learningRate'], modifier.path);
  }
  const first = merged(methods);
  if (first) {
    const { method, selection, origins } = first.of;
    entries.set('method', method as unknown as Json);
    for (const [key, list] of Object.entries(selection)) entries.set(key, list);
    from(['method'], first.modifier.path);
    for (const [option, field] of origins) from(['method', 'options', ...option], field);
  } else if (problems.length === 0) {
    problems.push({
      path: [],
      message: `No modifier in it prunes. Those that do: ${[...pruningModifiers.keys()].join(', ')}.`,
    });
  }
  if (rates.length > 0) entries.set('learningRate', scheduleOf(rates));
  if (problems.length > 0) refuseRecipe(source, problems);
  return { ...source, value: Object.fromEntries(entries), places };
}

function epochRange(modifier: Modifier): void {
  modifier.number('end_epoch', { least: 0 });
  if (modifier.number('start_epoch', { least: -1 }) > 0) {
    modifier.refuse('start_epoch', 'runs begin at epoch 0; go on with a run by --resume.');
  }
}

/** Which network is learned from is no matter of the recipe there either. */
function distillation(modifier: Modifier, entries: Map<string, Json>, from: (key: Path, origin: Path) => void): void {
  modifier.only('start_epoch', [-1, 0], 'the teacher is learned from since the beginning of the run.');
  modifier.only('end_epoch', [-1], 'the teacher is learned from to the end of the run.');
  modifier.only('update_frequency', [-1], 'the teacher is learned from in every step.');
  for (const name of ['distill_output_keys', 'teacher_input_keys']) {
    modifier.only(name, [], 'the only output of both networks is learned, from the same inputs.');
  }
  entries.set('teacherWeight', modifier.number('hardness', { least: 0, most: 1, otherwise: 0.5 }));
  entries.set('temperature', modifier.number('temperature', { least: 0, otherwise: 2 }));
  from(['teacherWeight'], modifier.at('hardness'));
  from(['temperature'], modifier.at('temperature'));
}

function decayOf(modifier: Modifier): number {
  modifier.only('start_epoch', [-1, 0], 'weight decay holds from the beginning of the run.');
  modifier.only('end_epoch', [-1], 'weight decay holds to the end of the run.');
  modifier.only('param_groups', [], 'all kernels have one weight decay.');
  return modifier.number('weight_decay', { least: 0 });
}

function unknown(type: string): string {
  const reason = notTranslated(type);
  if (reason !== undefined) return `${type} cannot be carried out here: ${reason}`;
  const meant = nearestName(type, translatedModifiers);
  return `There is no modifier ${type}. ${meant === undefined ? `Known: ${translatedModifiers.join(', ')}.` : `Did you mean ${meant}?`}`;
}
