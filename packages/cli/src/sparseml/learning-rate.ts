import type { Json } from '@espalier/core';
import { epochsText } from './epochs.js';
import type { Modifier } from './modifier.js';

/** Most stretches of one modifier. */
const MOST = 1000;

/** A stretch of a learning rate; epochs. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly shape: 'constant' | 'linear' | 'cosine';
  readonly from: number;
  readonly to: number;
}

const rate = { least: 0, most: 1 };
const groups = 'all weights have one learning rate.';

function set(modifier: Modifier): Stretch[] {
  const from = modifier.number('learning_rate', rate);
  const start = Math.max(0, modifier.number('start_epoch', { least: -1, otherwise: -1 }));
  modifier.only('end_epoch', [-1], 'it must be left out: the rate holds until another modifier changes it.');
  modifier.only('param_groups', [], groups);
  return [{ start, end: start, shape: 'constant', from, to: from }];
}

function byFunction(modifier: Modifier): Stretch[] {
  const shape = modifier.value('lr_func');
  const start = Math.max(0, modifier.number('start_epoch', { least: -1 }));
  const end = modifier.number('end_epoch', { least: 0 });
  const [from, to] = [modifier.number('init_lr', rate), modifier.number('final_lr', rate)];
  modifier.only('update_frequency', [-1], 'the rate changes with every step.');
  modifier.only('cycle_epochs', [1], 'cycles are not expressed.');
  modifier.only('param_groups', [], groups);
  if (end <= start) modifier.refuse('end_epoch', `end_epoch must be greater than start_epoch, ${start}.`);
  if (shape === 'linear' || shape === 'cosine') return [{ start, end, shape, from, to }];
  const what = shape === 'cyclic_linear' ? 'cyclic_linear is not expressed; ' : '';
  modifier.refuse('lr_func', `${what}lr_func must be linear or cosine.`);
  return [];
}

/** PyTorch's classes that divide the rate at milestones. */
function byClass(modifier: Modifier): Stretch[] {
  const name = modifier.value('lr_class');
  const first = modifier.number('init_lr', rate);
  const start = Math.max(0, modifier.number('start_epoch', { least: -1, otherwise: -1 }));
  const end = modifier.number('end_epoch', { least: -1, otherwise: -1 });
  modifier.only('update_frequency', [-1], 'the class decides when the rate changes.');
  modifier.only('param_groups', [], groups);
  const written = modifier.value('lr_kwargs');
  const {
    gamma,
    milestones,
    step_size: size,
  } = (typeof written === 'object' && written !== null ? written : {}) as {
    readonly [name: string]: Json;
  };
  const wrong = (message: string): Stretch[] => {
    modifier.refuse('lr_kwargs', message);
    return [];
  };
  if (name !== 'MultiStepLR' && name !== 'StepLR' && name !== 'ExponentialLR') {
    modifier.refuse('lr_class', 'lr_class must be MultiStepLR, StepLR or ExponentialLR; others are not expressed.');
    return [];
  }
  if (typeof gamma !== 'number' || !(gamma > 0)) return wrong('lr_kwargs must have a gamma, a number above 0.');
  const places: number[] = [];
  if (name === 'MultiStepLR') {
    const all = Array.isArray(milestones) ? milestones : [];
    const fit = all.every((each, i) => typeof each === 'number' && each > Number(i === 0 ? start : all[i - 1]));
    if (all.length === 0 || all.length > MOST || !fit)
      return wrong('milestones must be epochs after start_epoch, in ascending order.');
    places.push(...(all as number[]));
  } else {
    const length = name === 'StepLR' ? size : 1;
    if (typeof length !== 'number' || !(length > 0)) return wrong('lr_kwargs must have a step_size, a number above 0.');
    if (end < 0) return wrong(`${name} needs an end_epoch.`);
    if ((end - start) / length > MOST) return wrong(`there are more than ${MOST} steps of the rate.`);
    for (let i = 1; start + i * length < end; i++) places.push(start + i * length);
  }
  const starts = [start, ...places];
  return starts.map((each, i): Stretch => {
    const value = first * gamma ** i;
    return { start: each, end: starts[i + 1] ?? each, shape: 'constant', from: value, to: value };
  });
}

/** The modifiers that set the learning rate. */
export const rateModifiers: ReadonlyMap<string, (modifier: Modifier) => Stretch[]> = new Map(
  Object.entries({
    SetLearningRateModifier: set,
    LearningRateFunctionModifier: byFunction,
    LearningRateModifier: byClass,
  }),
);

/** The learning rate of all modifiers together, as a schedule; each holds until the next begins. */
export function scheduleOf(
  parts: readonly { readonly modifier: Modifier; readonly stretches: readonly Stretch[] }[],
): Json {
  const all = parts
    .flatMap(({ modifier, stretches }) => stretches.map(stretch => ({ modifier, stretch })))
    .sort((one, other) => one.stretch.start - other.stretch.start);
  const segments = all.flatMap(({ modifier, stretch: { start, end, shape, from, to } }, i): Json[] => {
    const before = i === 0 ? 0 : undefined;
    if (before !== undefined && start > 0)
      modifier.refuse('start_epoch', `nothing says the learning rate before epoch ${start}.`);
    const next = all[i + 1]?.stretch.start;
    if (next !== undefined && (next < end || next === start)) {
      modifier.refuse('end_epoch', `another modifier changes the learning rate from epoch ${next} on.`);
      return [];
    }
    const hold = (length: number): Json[] =>
      length > 0 ? [{ shape: 'constant', length: epochsText(length), value: to }] : [];
    // After the last segment its last value holds.
    if (shape === 'constant') return hold(next === undefined ? 1 : next - start);
    return [{ shape, length: epochsText(end - start), from, to }, ...hold(next === undefined ? 1 : next - end)];
  });
  return { shape: 'segments', start: 0, segments };
}
