import { type LayerCall, type LayerWriter, refuse } from '../layer-call.js';
import type { Value } from '../value.js';

/** All inputs with as many axes as the result, and their channels at the same place. */
function aligned({ graph, inputs, shape, name }: LayerCall): { names: string[]; order: Value['order'] } {
  const rank = shape.length;
  const full = inputs.map((input, index) => {
    // TensorFlow.js puts new axes behind the batch.
    const missing = Array.from({ length: rank - input.shape.length }, () => 1);
    return missing.length === 0 ? input : graph.reshape(`${name}/input_${index}`, input, [...missing, ...input.shape]);
  });
  const order = full.some(input => input.order === 'first') ? 'first' : 'last';
  return { names: full.map(input => graph[order](input).name), order };
}

/** An operation of ONNX that takes any number of inputs. */
const ofAll =
  (opType: string): LayerWriter =>
  call => {
    const { names, order } = aligned(call);
    return { name: call.graph.emit(opType, call.name, names), shape: call.shape, order };
  };

/** An operation of ONNX that takes two inputs, one after the other. */
const inPairs =
  (opType: string): LayerWriter =>
  call => {
    const { names, order } = aligned(call);
    const [first = '', ...others] = names;
    const result = others.reduce((left, right, index) => {
      const name = index === others.length - 1 ? call.name : `${call.name}/${index}`;
      return call.graph.emit(opType, name, [left, right]);
    }, first);
    return { name: result, shape: call.shape, order };
  };

const concatenate: LayerWriter = call => {
  const { config, shape } = call;
  const axis = (config.axis ?? -1) as number;
  const place = axis === -1 ? shape.length : axis;
  if (!Number.isInteger(place) || place < 1 || place > shape.length) return refuse(`axis ${axis}`);
  const { names, order } = aligned(call);
  const stored = order === 'last' ? place : place === shape.length ? 1 : place + 1;
  return { name: call.graph.emit('Concat', call.name, names, { axis: { integer: stored } }), shape, order };
};

/** Writers of layers that take several values. */
export const merges: Readonly<Record<string, LayerWriter>> = {
  Add: inPairs('Add'),
  Multiply: inPairs('Mul'),
  Average: ofAll('Mean'),
  Maximum: ofAll('Max'),
  Minimum: ofAll('Min'),
  Concatenate: concatenate,
};
