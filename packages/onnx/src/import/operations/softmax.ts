import { inOrder } from '../entry.js';
import { axisOf, type Operation, refuse } from '../node-call.js';

/** Along one axis, which must be the last in TensorFlow.js. */
const softmax =
  (activation: string): Operation =>
  call => {
    const { list, name, opset } = call;
    const given = call.value();
    const rank = given.shape.length;
    const axis = axisOf(call.integer('axis', opset < 13 ? 1 : -1), rank + 1) - 1;
    if (axis < 0) return refuse('axis 0');
    // Before opset 13 all axes from this one on were one.
    if (opset < 13 && given.shape.slice(axis + 1).some(side => side !== 1))
      return refuse(`axis ${axis + 1} in opset ${opset}`);
    const others = inOrder(rank).filter(each => each !== axis);
    const perm = inOrder(rank);
    for (const [to, from] of [...others, axis].entries()) perm[from] = to;
    const value = list.settled(given);
    const input = value.perm[axis] === rank - 1 ? value : list.as(value, perm);
    return list.add({
      className: 'Activation',
      name,
      config: { activation },
      inputs: [input],
      shape: given.shape,
      perm: input.perm,
      atLeastZero: activation === 'softmax',
    });
  };

/** Softmax and its logarithm. */
export const softmaxes: Readonly<Record<string, Operation>> = {
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('log_softmax'),
};
