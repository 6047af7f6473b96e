import { decays, type WeightDecay } from '../optimizer/weight-decay.js';
import type { ModelWeight } from '../weights/model-weight.js';

/** Something that a session does although it is probably not meant. */
export interface SessionWarning {
  /**
   * Stable identifier. `FROZEN_LAYERS_DENSE`: kernels that would be pruned by default stay dense, because their layers
   * are not trained. `DOUBLE_DECAY`: weights decay twice, by the session's `weightDecay` and by an L2 regularizer of
   * their layer. `REGULARIZER_IGNORED`: weights of recurrent layers have an L2 regularizer, which TensorFlow.js never
   * adds to the loss. `LAYERS_EMPTIED`: a decision left layers without an active weight, so that nothing of their input
   * passes; told once for each layer.
   */
  readonly code: 'FROZEN_LAYERS_DENSE' | 'DOUBLE_DECAY' | 'REGULARIZER_IGNORED' | 'LAYERS_EMPTIED';
  /** What it means, and what to do, in full sentences. */
  readonly message: string;
  /** Names of the weights that it is about. */
  readonly weights: readonly string[];
}

/** Hands a warning, if there is one, to whoever listens; to the console if nobody does. */
export function warn(
  { onWarning }: { readonly onWarning?: ((warning: SessionWarning) => void) | undefined },
  warning: SessionWarning | undefined,
): void {
  if (!warning) return;
  if (onWarning) onWarning(warning);
  // biome-ignore lint/suspicious/noConsole: the one place where a session speaks up if nobody listens
  else console.warn(`Espalier: ${printable(warning.message)}`);
}

/** Names come from files of others, and a terminal would obey control characters in them. */
function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, sign => `\\u{${sign.codePointAt(0)?.toString(16)}}`);
}

/** About kernels that stay dense only because they are frozen. */
export function frozenWarning({ all }: { readonly all: readonly ModelWeight[] }): SessionWarning | undefined {
  const frozen = all.filter(({ denseBecause }) => denseBecause === 'frozen').map(({ name }) => name);
  if (frozen.length === 0) return undefined;
  const message =
    `${frozen.length} ${frozen.length === 1 ? 'kernel stays' : 'kernels stay'} dense, because ` +
    `${frozen.length === 1 ? 'its layer is' : 'their layers are'} frozen (trainable = false): ${listed(frozen)}. To train and prune ` +
    'them, set layer.trainable = true before modelWeights; to prune them frozen, name them in its option include; to leave ' +
    'them dense without this warning, in except.';
  return { code: 'FROZEN_LAYERS_DENSE', message, weights: frozen };
}

/** About weights that a regularizer and the session's weight decay both pull towards 0. */
export function doubleDecayWarning(
  { all }: { readonly all: readonly ModelWeight[] },
  weightDecay: number | WeightDecay | undefined,
): SessionWarning | undefined {
  const twice = all.filter(weight => weight.regularized && weight.trainable && decays(weight, weightDecay));
  if (twice.length === 0) return undefined;
  const names = twice.map(({ name }) => name);
  const message =
    `Decays twice, by the option weightDecay and by an L2 regularizer of the layer: ${listed(names)}. Leave one of them out; ` +
    'a weightDecay of d is the regularizer l2({ l2: d / 2 }).';
  return { code: 'DOUBLE_DECAY', message, weights: names };
}

/** About regularizers that do nothing, so that whoever counts on them, or on one beside a weight decay, is told. */
export function ignoredRegularizerWarning({
  all,
}: {
  readonly all: readonly ModelWeight[];
}): SessionWarning | undefined {
  const names = all.filter(weight => weight.regularizedInVain && weight.trainable).map(({ name }) => name);
  if (names.length === 0) return undefined;
  const message =
    `Have an L2 regularizer that does nothing, because TensorFlow.js leaves those of recurrent layers out of the loss: ${listed(names)}. ` +
    'Use the option weightDecay for them; l2({ l2: d / 2 }) is a weightDecay of d.';
  return { code: 'REGULARIZER_IGNORED', message, weights: names };
}

/** About layers of which new masks leave nothing, but for those that were told of before. */
export function emptiedWarning(
  masks: ReadonlyMap<string, Uint8Array>,
  told: ReadonlySet<string> = new Set(),
): SessionWarning | undefined {
  const names = [...masks]
    .filter(([name, mask]) => mask.length > 0 && !told.has(name) && !mask.includes(1))
    .map(([name]) => name);
  if (names.length === 0) return undefined;
  const message =
    `No active weight is left in ${listed(names)}: nothing passes through ${names.length === 1 ? 'that layer' : 'those layers'} any more. ` +
    'Ask for less sparsity, or for a distribution that leaves something everywhere, such as uniform, erdosRenyiKernel or ' +
    'withRules(global, { atLeast: 1 }).';
  return { code: 'LAYERS_EMPTIED', message, weights: names };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
