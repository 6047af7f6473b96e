import { UsageError } from '../errors.js';
import { requireCrossEntropy } from '../loss/judging.js';
import { givenOptions } from '../method/given-options.js';
import type { KnownMethod } from '../method/known-method.js';
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
  const { epochs, sparsity, distribution, start, end, every, options: written = {}, ...wanted } = requested;
  const batchSize = wanted.batchSize ?? 64;
  const steps = wanted.steps ?? Math.round((epochs ?? 5) * perEpoch(batchSize));
  const from = wanted.from ?? null;
  if (steps === 0 && (from === null || method.reference !== 'one-shot')) {
    throw new UsageError('A run of 0 steps is only possible for --method one-shot with --from.');
  }
  const warmUp = wanted.warmUp ?? Math.min(50, Math.floor(steps / 10));
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
  };
  const given = givenOptions(method, written, defined({ sparsity, distribution, start, end, every }));
  return { ...common, options: method.complete(trainingRunOf(common, perEpoch(batchSize)), given) };
}

/** Without what is `undefined`. */
export function defined<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
