import { channelsLast } from '../entry.js';
import { type NodeCall, type Operation, refuse } from '../node-call.js';

/** Which transformations of coordinates are those of TensorFlow.js for whole factors. */
function isNearest(call: NodeCall): boolean {
  const transformation = call.text('coordinate_transformation_mode', call.opset < 11 ? 'asymmetric' : 'half_pixel');
  const rounding = call.text('nearest_mode', call.opset < 11 ? 'floor' : 'round_prefer_floor');
  if (transformation === 'asymmetric') return rounding === 'floor';
  return (
    ['half_pixel', 'pytorch_half_pixel', 'tf_half_pixel_for_nn'].includes(transformation) && /^round_/.test(rounding)
  );
}

const resize: Operation = call => {
  const { list, name, node } = call;
  const value = call.value();
  if (value.shape.length !== 3) return refuse(`an input of ${value.shape.length + 1} axes`);
  const old = node.opType === 'Upsample' || call.opset < 11;
  const scales = old ? (call.optional(1)?.values ?? node.attributes.get('scales')?.floats) : call.optional(2)?.values;
  const sizes = old ? undefined : call.optional(3)?.values;
  const given =
    scales && scales.length > 0
      ? [...scales]
      : sizes
        ? [1, ...[...sizes].slice(1).map((side, i) => side / (value.shape[i] as number))]
        : [];
  const [batch = 0, channels = 0, ...factors] = given;
  if (
    given.length !== 4 ||
    batch !== 1 ||
    channels !== 1 ||
    !factors.every(factor => Number.isSafeInteger(factor) && factor >= 1)
  )
    return refuse(`scales ${given.join(', ') || 'that are not there'}; supported: whole numbers for height and width`);
  const mode = call.text('mode', 'nearest');
  const transformation = call.text('coordinate_transformation_mode', old ? 'asymmetric' : 'half_pixel');
  if (mode === 'nearest' && !isNearest(call))
    return refuse(`coordinate_transformation_mode "${transformation}" with this nearest_mode`);
  if (mode !== 'nearest' && mode !== 'linear') return refuse(`mode "${mode}"`);
  if (mode === 'linear' && transformation !== 'asymmetric')
    return refuse(`coordinate_transformation_mode "${transformation}", where TensorFlow.js has asymmetric`);
  const shape = value.shape.map((side, axis) => (axis === 0 ? side : side * (factors[axis - 1] as number)));
  const config = { size: factors, interpolation: mode === 'nearest' ? 'nearest' : 'bilinear' };
  const { atLeastZero } = value;
  return list.add({
    className: 'UpSampling2D',
    name,
    config,
    inputs: [list.image(value)],
    shape,
    perm: channelsLast(3),
    atLeastZero,
  });
};

/** Enlargement of images. */
export const enlargements: Readonly<Record<string, Operation>> = { Resize: resize, Upsample: resize };
