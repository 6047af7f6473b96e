import { activate, before } from '../activation.js';
import type { LayerCall, LayerWriter } from '../layer-call.js';
import { permuted } from '../permute.js';
import { hasChannels, type Value } from '../value.js';

const biasOf = ({ graph, name, config, weight }: LayerCall): string[] => {
  if (config.useBias === false) return [];
  const { key, shape, values } = weight('bias');
  return [graph.constant(key, `${name}/bias`, shape, () => values)];
};

/** A product of vectors and the kernel; of images and sequences a convolution at each place, which turns nothing. */
const dense: LayerWriter = call => {
  const { config, graph, name, input, shape, weight } = call;
  const inner = before(name, config.activation);
  const { key, shape: sides, values } = weight('kernel');
  const kernel = (): string => graph.constant(key, `${name}/kernel`, sides, () => values);
  let result: Value;
  if (input.shape.length === 1) {
    const output = graph.emit('Gemm', inner, [input.name, kernel(), ...biasOf(call)]);
    result = { name: output, shape, order: 'last' };
  } else if (hasChannels(input)) {
    const [inputs = 1, outputs = 1] = sides;
    const ones = input.shape.slice(1).map(() => 1);
    const pointwise = graph.constant(key, `${name}/kernel`, [outputs, inputs, ...ones], () =>
      permuted(values, sides, [1, 0]),
    );
    const output = graph.emit('Conv', inner, [graph.first(input).name, pointwise, ...biasOf(call)]);
    result = { name: output, shape, order: 'first' };
  } else {
    const [bias] = biasOf(call);
    const product = graph.emit('MatMul', bias ? `${inner}/product` : inner, [graph.last(input).name, kernel()]);
    const output = bias ? graph.emit('Add', inner, [product, bias]) : product;
    result = { name: output, shape, order: 'last' };
  }
  return activate(graph, name, result, config.activation);
};

/** Writers of products. */
export const products: Readonly<Record<string, LayerWriter>> = { Dense: dense };
