import { activationOf, binary, unary } from '../curves.js';
import { type Curve, isSame, type Value } from '../entry.js';
import { inARow, withOwnCurve } from '../layer-list.js';
import type { NodeCall } from '../node-call.js';

/** Parameters that operations have if they are not said: those of ONNX. */
const defaults: Readonly<Record<string, readonly [string, number, string, number]>> = {
  HardSigmoid: ['alpha', 0.2, 'beta', 0.5],
  Elu: ['alpha', 1, '', 0],
  Selu: ['alpha', 1.6732632423543772, 'gamma', 1.0507009873554805],
  LeakyRelu: ['alpha', 0.01, '', 0],
  ThresholdedRelu: ['alpha', 1, '', 0],
};

/** True if two are the same numbers at the same places. */
const isOneValue = (left: Value, right: Value): boolean =>
  left.layer === right.layer && isSame(left.perm, right.perm) && isSame(left.shape, right.shape);

/** What an elementwise node makes of the points of curves, for each value that it depends on alone. */
export function curvesOf(call: NodeCall): Curve[] {
  const lists = call.inputs.flatMap(input => (input && input.kind !== 'constant' ? [input.curves] : []));
  const [first = [], ...others] = lists;
  return first.flatMap(({ source }) => {
    const isShared = others.every(list => list.some(curve => isOneValue(curve.source, source)));
    return (isShared && curveFrom(call, source)) || [];
  });
}

function curveFrom(call: NodeCall, source: Value): Curve | undefined {
  const { node, inputs } = call;
  const parts = inputs.map(input =>
    input && input.kind !== 'constant' ? input.curves.find(curve => isOneValue(curve.source, source)) : undefined,
  );
  const columns = inputs.map((input, i): ((at: number) => number) | undefined => {
    if (input?.kind === 'constant') return input.values.length === 1 ? () => input.values[0] as number : undefined;
    const samples = parts[i]?.samples;
    return samples && (at => samples[at] as number);
  });
  const [first, second] = columns;
  if (!first) return undefined;
  const samplesOf = (compute: (at: number) => number): Curve => {
    const size = parts.find(part => part)?.samples.length ?? 0;
    return { source, samples: Float64Array.from({ length: size }, (_, at) => compute(at)) };
  };
  const isTanh = node.opType === 'Gelu' && call.text('approximate', 'none') === 'tanh';
  const one = unary.get(isTanh ? 'Gelu tanh' : node.opType);
  if (one && inputs.length === 1) {
    const [alpha = '', a = 0, beta = '', b = 0] = defaults[node.opType] ?? [];
    const parameters = [call.float(alpha, a), call.float(beta, b)] as const;
    return samplesOf(at => one(first(at), ...parameters));
  }
  const two = binary.get(node.opType);
  if (two && inputs.length === 2 && second) return samplesOf(at => two(first(at), second(at)));
  if (node.opType === 'Clip') {
    const [low, high] = limitsOf(call);
    return samplesOf(at => Math.min(Math.max(first(at), low), high));
  }
  return undefined;
}

/** The layer that computes a whole chain of elementwise nodes, if there is one. */
export function recognized({ list, name }: NodeCall, curves: readonly Curve[]): Value | undefined {
  for (const { samples, source } of curves) {
    const found = activationOf(samples);
    if (!found) continue;
    if (found === 'same') return source.curves.length > 0 ? source : withOwnCurve(source);
    const { className, config, atLeastZero } = found;
    // Before an image was put in a row it is the same.
    const input = source.flattened ?? source;
    const { shape, perm } = input;
    const result = list.add({ className, name, config, inputs: [input], shape, perm, atLeastZero });
    return source.flattened ? inARow(result, source.shape) : result;
  }
  return undefined;
}

/** The bounds of `Clip`, attributes before opset 11 and inputs since. */
export function limitsOf(call: NodeCall): [number, number] {
  const [low, high] = [1, 2].map(index => call.optional(index)?.values[0]);
  return [low ?? call.float('min', -Infinity), high ?? call.float('max', Infinity)];
}
