import type * as tf from '@tensorflow/tfjs-core';
import { TrainableSetChangedError } from '../../errors/session-errors.js';
import type { NamedTensor } from '../weights/tensors.js';
import type { WeightTable } from '../weights/weight-table.js';

/** The gradient of each trainable weight in the session's order; undefined where the loss does not depend on it. */
export function orderGradients(gradients: readonly NamedTensor[], table: WeightTable): (tf.Tensor | undefined)[] {
  const byVariable = new Map(gradients.map(({ name, tensor }) => [name, tensor]));
  if (byVariable.size !== table.trainable.length || gradients.length !== byVariable.size) fail(byVariable, table);
  return table.trainable.map(({ variable }) => {
    if (!byVariable.has(variable.name)) fail(byVariable, table);
    return byVariable.get(variable.name);
  });
}

function fail(byVariable: ReadonlyMap<string, unknown>, table: WeightTable): never {
  const missing = table.trainable.filter(({ variable }) => !byVariable.has(variable.name)).map(({ name }) => name);
  const unexpected = [...byVariable.keys()].filter(name => !table.byVariable(name)?.trainable);
  const list = (names: readonly string[]): string =>
    names.slice(0, 4).join(', ') + (names.length > 4 ? ` and ${names.length - 4} more` : '');
  throw new TrainableSetChangedError(
    [
      missing.length > 0 && `There is no gradient for ${list(missing)}.`,
      unexpected.length > 0 && `There are gradients for ${list(unexpected)}.`,
      missing.length + unexpected.length === 0 && 'A gradient occurs twice.',
      'Give the session every weight of the model (modelWeights(model)), and start a new session with a new optimizer after ' +
        'freezing or unfreezing layers.',
    ]
      .filter(Boolean)
      .join(' '),
  );
}
