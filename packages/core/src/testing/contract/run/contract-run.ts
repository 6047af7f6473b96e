import type * as tf from '@tensorflow/tfjs-core';
import type { PruningMethod } from '../../../method/pruning-method.js';
import { disposeOptimizer } from '../../../tfjs/optimizer/dispose-optimizer.js';
import { PruningSession } from '../../../tfjs/session/session.js';
import type { SessionOptions } from '../../../tfjs/session/session-options.js';
import { type ToyModel, toyModel } from '../../toy-model.js';

/** What the cases of a contract have in common. */
export interface ContractSetup {
  readonly create: () => PruningMethod;
  readonly optimizer: () => tf.Optimizer;
  /** Steps of a whole run. */
  readonly steps: number;
  readonly seed: number;
  /** How sessions begin; the suite's own tests put broken sessions here. */
  readonly begin?: (method: PruningMethod, options: SessionOptions) => Promise<PruningSession>;
}

/** A session on a toy model. */
export interface ContractRun {
  readonly model: ToyModel;
  readonly optimizer: tf.Optimizer;
  readonly session: PruningSession;
}

/** How a run differs from the setup. */
export interface RunVariation extends Partial<Pick<SessionOptions, 'masks' | 'onDecision' | 'weightDecay'>> {
  readonly method?: PruningMethod;
  readonly begin?: NonNullable<ContractSetup['begin']>;
}

/** Runs `body` on a new session, and frees everything whatever happens. */
export async function withSession<Result>(
  setup: ContractSetup,
  variation: RunVariation,
  body: (run: ContractRun) => Promise<Result>,
): Promise<Result> {
  const { method = setup.create(), begin = setup.begin ?? PruningSession.start, ...options } = variation;
  const model = toyModel();
  const optimizer = setup.optimizer();
  try {
    const { weights, exampleLosses } = model;
    const session = await begin(method, { weights, optimizer, seed: setup.seed, exampleLosses, ...options });
    try {
      return await body({ model, optimizer, session });
    } finally {
      session.dispose();
    }
  } finally {
    disposeOptimizer(optimizer);
    model.dispose();
  }
}

/** As many steps as asked, with a look after each. */
export async function takeSteps(
  { session, model }: ContractRun,
  count: number,
  afterStep: (index: number) => Promise<void> | void = () => {},
): Promise<void> {
  for (let i = 0; i < count; i++) {
    await session.step(model.loss);
    await afterStep(i);
  }
}
