import type { BinaryNode } from '../../graph.js';
import { channelsOf, fills, sameShape, sizeOf } from '../../shape-of.js';
import { show } from '../../show.js';
import { type LayerCall, refuse, settled, type Value, viewedShape } from '../layer-call.js';

type Operation = BinaryNode['kind'] | 'add';

/** `Add`, `Multiply`, `Subtract`, `Maximum` or `Minimum` of two or more values. */
export function readMerge(operation: Operation): (call: LayerCall) => Value {
  return call => {
    if (operation === 'subtract' && call.inputs.length !== 2)
      refuse(`it subtracts ${call.inputs.length} values, not two`);
    return merged(call, operation, call.name);
  };
}

/** `Average`: the sum, scaled. */
export function readAverage(call: LayerCall): Value {
  const sum = merged(call, 'add', call.builder.freeName(`${call.name}/sum`));
  const channels = channelsOf(call.builder.shape(sum.node));
  const scale = new Float32Array(channels).fill(1 / call.inputs.length);
  const offset = new Float32Array(channels);
  const node = call.builder.add({ kind: 'normalization', name: call.name, inputs: [sum.node], scale, offset });
  return { ...sum, node };
}

function merged(call: LayerCall, operation: Operation, name: string): Value {
  const [first, ...others] = call.inputs;
  if (first === undefined || others.length === 0) return refuse('it joins fewer than two values');
  const alike = others.every(
    other => other.view === first.view && sameShape(viewedShape(call, other), viewedShape(call, first)),
  );
  const values = alike ? call.inputs : call.inputs.map(value => settled(call, value));
  let result = values[0] as Value;
  for (const [index, other] of values.slice(1).entries()) {
    const last = index === others.length - 1;
    result = pair(call, operation, last ? name : call.builder.freeName(`${call.name}/${index + 1}`), result, other);
  }
  return result;
}

function pair(call: LayerCall, kind: Operation, name: string, left: Value, right: Value): Value {
  const { builder } = call;
  const [a, b] = stretched(call, left, right);
  const shapes = [builder.shape(a), builder.shape(b)] as const;
  if (!sameShape(...shapes) && !fills(shapes[0], shapes[1]) && !fills(shapes[1], shapes[0])) {
    refuse(
      `its inputs are [${viewedShape(call, left)}] and [${viewedShape(call, right)}]; supported are equal shapes, and one ` +
        'with a value for each channel, each pixel, each row or column, or for all',
    );
  }
  const node = builder.add({ kind, name, inputs: [a, b], activation: 'linear' });
  const rank = Math.max(viewedShape(call, left).length, viewedShape(call, right).length);
  if (left.view === 'channelsFirst') return { node, view: 'channelsFirst' };
  if (builder.shape(node).length === 1) return { node, view: rank === 3 ? 'pixel' : 'plain' };
  return { node, view: rank === 2 ? 'row' : 'plain' };
}

/** Images of one row or column beside larger ones, with that repeated. */
function stretched(call: LayerCall, ...pair: readonly [Value, Value]): readonly [string, string] {
  const { builder } = call;
  const [a, b] = pair.map(({ node }) => builder.shape(node));
  const stretch = (node: string, own = builder.shape(node), other = own): string => {
    if (own.length === 1 || other.length === 1 || (own[0] === 1 && own[1] === 1)) return node;
    const factors = [own[0] === 1 ? other[0] : 1, own[1] === 1 ? other[1] : 1] as const;
    if (factors[0] * factors[1] === 1) return node;
    const name = builder.freeName(`${call.name}/repeated`);
    return builder.add({ kind: 'upsampling', name, inputs: [node], factors, mode: 'nearest', centers: 'corner' });
  };
  return [stretch(pair[0].node, a, b), stretch(pair[1].node, b, a)];
}

/** `Concatenate` along the last axis. */
export function readConcatenate(call: LayerCall): Value {
  const values = call.inputs.map(value => settled(call, value));
  const [first, ...others] = values;
  if (first === undefined) return refuse('it joins no values');
  if (others.some(({ view }) => view !== first.view)) refuse('it joins values of different numbers of axes');
  const { axis = -1 } = call.config;
  if (axis !== -1 && axis !== viewedShape(call, first).length) refuse(`axis ${show(axis)}; supported is the last one`);
  if (others.length === 0) return first;
  return {
    ...first,
    node: call.builder.add({ kind: 'concat', name: call.name, inputs: values.map(({ node }) => node) }),
  };
}

/** `Dot` of two vectors: the sum of their products, a vector of one. */
export function readDot(call: LayerCall): Value {
  const [left, right, ...others] = call.inputs;
  if (left === undefined || right === undefined || others.length > 0) return refuse('it takes other than two inputs');
  const shapes = [viewedShape(call, left), viewedShape(call, right)] as const;
  const { axes = -1, normalize = false } = call.config;
  const along = (Array.isArray(axes) ? (axes as unknown[]) : [axes]).every(axis => axis === 1 || axis === -1);
  if (shapes[0].length !== 1 || !sameShape(...shapes) || !along || (normalize ?? false) !== false)
    refuse(`[${shapes[0]}] and [${shapes[1]}], axes ${show(axes)}; supported is that of two vectors, not normalized`);
  const inputs = [left.node, right.node];
  const name = call.builder.freeName(`${call.name}/products`);
  const products = call.builder.add({ kind: 'multiply', name, inputs, activation: 'linear' });
  const kernel = new Float32Array(sizeOf(call.builder.shape(products))).fill(1);
  const node = call.builder.add({ kind: 'dense', name: call.name, inputs: [products], kernel, activation: 'linear' });
  return { node, view: 'plain' };
}
