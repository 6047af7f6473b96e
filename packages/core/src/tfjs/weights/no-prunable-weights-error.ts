import { EspalierError } from '../../errors/espalier-error.js';
import type { DenseReason, ModelWeight } from './model-weight.js';

/** A weight that stays dense, and why. */
export interface DenseWeight {
  /** Its name. */
  readonly name: string;
  /** Class of its layer; absent for plain variables. */
  readonly layerClass?: string;
  /** Why methods must not mask it. */
  readonly reason: DenseReason;
}

const explanations: Readonly<Record<DenseReason, string>> = {
  role: 'no kernel',
  layer: 'not pruned by default in this kind of layer',
  depthwise: 'depthwise kernels stay dense by default',
  frozen: 'not trained',
  empty: 'has no entries',
  excepted: 'excepted',
};

const shown = 16;

/** A method that prunes was given a network in which nothing may be pruned. */
export class NoPrunableWeightsError extends EspalierError {
  override readonly name = 'NoPrunableWeightsError';
  readonly code = 'NO_PRUNABLE_WEIGHTS';
  /** All weights of the network, and why each of them stays dense. */
  readonly weights: readonly DenseWeight[];

  /**
   * @param who - What wanted to prune, as a noun phrase, e.g. `the method "magnitude"`.
   * @param weights - All weights of the network.
   */
  constructor(who: string, weights: readonly ModelWeight[]) {
    const dense = weights.map(denseWeight).sort((a, b) => Number(a.reason === 'role') - Number(b.reason === 'role'));
    super(
      `There is nothing to prune for ${who}: no weight of the network is prunable. ${list(dense)} ${remedy(dense)}`,
    );
    this.weights = dense;
  }
}

function denseWeight({ name, layerClass, role, trainable, variable, denseBecause }: ModelWeight): DenseWeight {
  const guessed = role === 'kernel' ? (trainable ? 'layer' : 'frozen') : 'role';
  const reason = variable.size === 0 ? 'empty' : (denseBecause ?? guessed);
  return { name, ...(layerClass === undefined ? {} : { layerClass }), reason };
}

function list(weights: readonly DenseWeight[]): string {
  const lines = weights
    .slice(0, shown)
    .map(
      ({ name, layerClass, reason }) => `${name} (${[layerClass, explanations[reason]].filter(Boolean).join(', ')})`,
    );
  const more = weights.length > shown ? ` and ${weights.length - shown} more` : '';
  return `There are ${lines.join('; ')}${more}.`;
}

function remedy(weights: readonly DenseWeight[]): string {
  const has = (reason: DenseReason): DenseWeight | undefined => weights.find(weight => weight.reason === reason);
  const included = has('layer') ?? has('depthwise') ?? has('frozen') ?? has('role');
  const parts = [
    has('excepted') && 'Take weights out of the option "except".',
    included &&
      `Include what is to be pruned by name or pattern: modelWeights(model, { include: ['${included.name}'] }), or ` +
        'weightsOf with the same option.',
    has('frozen') && 'Set trainable = true on the layers before, if they are to be trained.',
    'To train without pruning, use the method fixed().',
  ];
  return parts.filter(Boolean).join(' ');
}
