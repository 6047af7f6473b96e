import { visibleText } from '@espalier/core';

/** Something that reading a model does although it may not be meant. */
export interface ModelWarning {
  /**
   * Stable identifier. `AUGMENTATION_LEFT_OUT`: layers that change images at random in training pass them on, in
   * training too.
   */
  readonly code: 'AUGMENTATION_LEFT_OUT';
  /** What it means, and what to do, in full sentences. */
  readonly message: string;
  /** Names of the layers that it is about. */
  readonly layers: readonly string[];
}

/** Who is told of what reading a model leaves out. */
export interface ModelWarnings {
  /**
   * Called with what is left out of the model.
   *
   * @defaultValue `console.warn` with the message
   */
  readonly onWarning?: ((warning: ModelWarning) => void) | undefined;
}

/** Tells of layers that pass images on; nothing is told of none. */
export function warnOfAugmentation({ onWarning }: ModelWarnings, layers: readonly string[]): void {
  if (layers.length === 0) return;
  const shown = layers.slice(0, 12).join(', ') + (layers.length > 12 ? ` and ${layers.length - 12} more` : '');
  const message =
    `TensorFlow.js has no layers that change images at random, so these pass them on, in training too: ${shown}. ` +
    'To train on changed images, change them before: with the options of the dataset, or by your own function.';
  if (onWarning) onWarning({ code: 'AUGMENTATION_LEFT_OUT', message, layers });
  // biome-ignore lint/suspicious/noConsole: the one place where a reader speaks up if nobody listens
  else console.warn(`Espalier: ${visibleText(message)}`);
}
