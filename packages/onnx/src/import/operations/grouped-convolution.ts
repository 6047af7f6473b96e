import { type Constant, channelsLast, type Value } from '../entry.js';
import { type NodeCall, refuse } from '../node-call.js';
import { partOf } from '../parts.js';

/** How the channels of a convolution are grouped. */
export interface Groups {
  readonly groups: number;
  /** Channels of the input, and of the output. */
  readonly channels: number;
  readonly outputs: number;
  /** Channels of the input that the kernel of an output has. */
  readonly perGroup: number;
}

/** Most groups: each becomes a layer of its own, and one that cuts out its channels. */
const mostGroups = 64;

/** A convolution in groups, which TensorFlow.js does not have: one for each group, side by side. */
export function grouped(
  call: NodeCall,
  { groups, channels, outputs, perGroup }: Groups,
  convolved: (part: NodeCall) => Value,
): Value {
  if (!(groups > 0) || perGroup * groups !== channels || outputs % groups !== 0)
    return refuse(`group ${groups} of ${channels} channels and ${outputs} outputs`);
  if (groups > mostGroups)
    return refuse(`group ${groups} of ${channels} channels; supported: up to ${mostGroups}, or all of them`);
  const { list, name } = call;
  const image = list.image(call.value());
  const [weight, bias] = [call.constant(1), call.optional(2)];
  const each = Array.from({ length: groups }, (_, group) => {
    const from = group * perGroup;
    const part = partOf(list, image, { axis: 0, from, to: from + perGroup }, `${name}.part_${group}`);
    const [kernel, offset] = [rowsOf(weight, groups, group), bias && rowsOf(bias, groups, group)];
    return convolved(call.with({ inputs: [part, kernel, offset], name: `${name}.group_${group}` }));
  });
  const [first] = each as [Value];
  const shape = [outputs, ...first.shape.slice(1)];
  const perm = channelsLast(shape.length);
  return list.add({ className: 'Concatenate', name, config: { axis: shape.length }, inputs: each, shape, perm });
}

/** Of so many equal groups along the first axis one. */
function rowsOf({ shape, values }: Constant, groups: number, group: number): Constant {
  const size = values.length / groups;
  const [rows = 0, ...others] = shape;
  return {
    kind: 'constant',
    shape: [rows / groups, ...others],
    values: values.slice(group * size, (group + 1) * size),
  };
}
