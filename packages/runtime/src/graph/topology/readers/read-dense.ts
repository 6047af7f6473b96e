import { noPadding } from '../../padding.js';
import { channelsOf } from '../../shape-of.js';
import { malformed } from '../fields.js';
import { type LayerCall, settledInput, type Value } from '../layer-call.js';
import { biasOf, kernelOf, requireSizes } from '../weights.js';
import { withActivation } from './activation.js';

/** `Dense`. It looks at the last axis alone, so on an image it is a convolution of 1x1. */
export function readDense(call: LayerCall): Value {
  const value = settledInput(call);
  const input = value.node;
  const shape = call.builder.shape(input);
  const kernel = kernelOf(call, 'kernel', 2);
  const [inputs, outputs] = kernel.shape as [number, number];
  if (inputs !== channelsOf(shape)) {
    malformed(`The kernel of layer "${call.layer}" takes ${inputs} features, but its input has ${channelsOf(shape)}.`);
  }
  requireSizes(call, { units: [outputs] });
  const weights = { kernel: kernel.values, ...biasOf(call, outputs) };
  const node = withActivation(call, (name, activation) =>
    shape.length === 1
      ? call.builder.add({ kind: 'dense', name, inputs: [input], ...weights, activation })
      : call.builder.add({
          kind: 'convolution',
          name,
          inputs: [input],
          ...weights,
          kernelShape: [1, 1, inputs, outputs],
          strides: [1, 1],
          dilations: [1, 1],
          padding: noPadding,
          groups: 1,
          activation,
        }),
  );
  return { node, view: value.view };
}
