import { epochsToSteps, type Json, type OptionData, rules } from '@espalier/core';
import { UsageError } from '../errors.js';
import { requireCrossEntropy } from '../loss/judging.js';
import { givenOptions } from '../method/given-options.js';
import type { KnownMethod } from '../method/known-method.js';
import { overRecipe } from '../method/over-recipe.js';
import { type LearningRate, learningRateRule, refusal } from '../options/learning-rate.js';
import { completeTeacher } from '../teacher/teacher.js';
import type { Recipe, RequestedOptions, StepsPerEpoch } from './recipe.js';
import { trainingRunOf } from './training-run.js';

/** Refuses two options that say the same in different ways. */
export function requireConsistent(asked: RequestedOptions): void {
  const { epochs, steps, from, model } = asked;
  if (epochs !== undefined && steps !== undefined) throw new UsageError('Give --epochs or --steps, not both.');
  requireCrossEntropy(asked);
  if (from && model) throw new UsageError('Give --from or --model: the network of --from is already built.');
}

/** Fills in everything that was not asked for. */
export function completeRecipe(requested: RequestedOptions, method: KnownMethod, perEpoch: StepsPerEpoch): Recipe {
  requireConsistent(requested);
  const {
    epochs,
    sparsity,
    distribution,
    start,
    end,
    every,
    options: written = {},
    recipeOptions = {},
    learningRate,
    warmUp: rise,
    teacher,
    ...asked
  } = requested;
  const batchSize = asked.batchSize ?? 64;
  const wanted = { ...asked, ...rateInSteps({ learningRate, warmUp: rise }, perEpoch(batchSize)) };
  const steps = wanted.steps ?? Math.round((epochs ?? 5) * perEpoch(batchSize));
  const from = wanted.from ?? null;
  if (steps === 0 && (from === null || method.reference !== 'one-shot')) {
    throw new UsageError('A run of 0 steps is only possible for --method one-shot with --from.');
  }
  if (steps === 0 && teacher) throw new UsageError('A run of 0 steps learns nothing from --teacher: leave it out.');
  const usual = typeof wanted.learningRate === 'object' ? 0 : Math.min(50, Math.floor(steps / 10));
  const warmUp = wanted.warmUp ?? usual;
  if (steps > 0 && warmUp >= steps)
    throw new UsageError(`--warm-up is ${warmUp}, but the run has only ${steps} steps.`);
  const common = {
    dataset: 'digits',
    seed: 0,
    learningRate: 0.05,
    weightDecay: 1e-4,
    labelSmoothing: 0,
    ...wanted,
    model: from === null ? (wanted.model ?? 'smallConvNet') : null,
    from,
    steps,
    batchSize,
    warmUp,
    method: method.reference,
    ...(teacher ? { teacher: completeTeacher(teacher) } : {}),
  };
  const given = givenOptions(method, written, defined({ sparsity, distribution, start, end, every }));
  const all = overRecipe(method, recipeOptions, given);
  return { ...common, options: method.complete(trainingRunOf(common, perEpoch(batchSize)), all) };
}

/** Learning rate and warm-up in steps; that of a schedule is the recipe's. */
export function rateInSteps(
  { learningRate, warmUp }: { readonly [Key in 'learningRate' | 'warmUp']?: RequestedOptions[Key] | undefined },
  perEpoch: number,
): { readonly learningRate?: LearningRate; readonly warmUp?: number } {
  const checks = { learningRate: learningRateRule, warmUp: rules.steps({ from: 0 }) };
  const found = epochsToSteps(checks, defined({ learningRate, warmUp }) as OptionData, Math.max(1, perEpoch));
  const { warmUp: rise, learningRate: rate } = found as { warmUp?: number; learningRate?: LearningRate };
  const wrong = rate === undefined ? undefined : refusal(rate as Json);
  if (wrong !== undefined) throw new UsageError(`--learning-rate is no schedule: ${wrong}`);
  if (typeof rate !== 'object') return found as never;
  const { warmUp: own, ...schedule } = rate;
  if (own !== undefined && rise !== undefined && own !== rise) {
    throw new UsageError('Give --warm-up, or warmUp in --learning-rate, not both.');
  }
  return { learningRate: schedule as LearningRate, ...defined({ warmUp: rise ?? own }) };
}

/** Without what is `undefined`. */
export function defined<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
