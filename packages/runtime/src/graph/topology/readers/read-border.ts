import { channelPadding } from '../../cost/selection.js';
import type { Padding } from '../../graph.js';
import { isNone } from '../../padding.js';
import { channelsOf } from '../../shape-of.js';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import { imageInput, type LayerCall, onlyInput, rowInput, type Value } from '../layer-call.js';

/** Most entries of a kernel that moves channels. */
const maximumSelection = 2 ** 26;

/** `ZeroPadding2D`, of an image or of the channels of an image whose channels were moved to the front. */
export function readZeroPadding(call: LayerCall): Value {
  const padding = borderOf(call, 'padding', 1);
  const value = onlyInput(call);
  if (isNone(padding)) return value;
  if (value.view === 'channelsFirst' && padding.left + padding.right === 0) return padChannels(call, value, padding);
  const { name: input } = imageInput(call);
  return { node: call.builder.add({ kind: 'zeroPadding', name: call.name, inputs: [input], padding }), view: 'plain' };
}

/** `Cropping2D`. */
export function readCropping(call: LayerCall): Value {
  const padding = borderOf(call, 'cropping', 0);
  if (isNone(padding)) return onlyInput(call);
  const { name: input } = imageInput(call);
  return { node: call.builder.add({ kind: 'crop', name: call.name, inputs: [input], padding }), view: 'plain' };
}

/** `ZeroPadding1D` or `Cropping1D`. */
export function readRowBorder(kind: 'zeroPadding' | 'crop'): (call: LayerCall) => Value {
  return call => {
    const { name: input } = rowInput(call);
    const option = kind === 'crop' ? 'cropping' : 'padding';
    const value = call.config[option] ?? 1;
    const padding = borderOf(
      { ...call, config: { [option]: [0, Array.isArray(value) ? value : [value, value]] } },
      option,
      1,
    );
    return { node: call.builder.add({ kind, name: call.name, inputs: [input], padding }), view: 'row' };
  };
}

/** The model's rows are the image's channels, and its columns the image's rows. */
function padChannels(call: LayerCall, value: Value, { top, bottom }: Padding): Value {
  const channels = channelsOf(call.builder.shape(value.node));
  if (channels * (top + channels + bottom) > maximumSelection) {
    malformed(`Layer "${call.layer}" pads ${channels} channels with ${top + bottom} more, over the limit.`);
  }
  const node = call.builder.add(channelPadding(call.name, value.node, channels, top, bottom));
  return { ...value, node };
}

/** `n`, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`. */
function borderOf(call: LayerCall, option: 'padding' | 'cropping', otherwise: number): Padding {
  const border = call.config[option] ?? otherwise;
  const [vertical, horizontal] = Array.isArray(border) ? (border as unknown[]) : [border, border];
  const [top, bottom] = Array.isArray(vertical) ? (vertical as unknown[]) : [vertical, vertical];
  const [left, right] = Array.isArray(horizontal) ? (horizontal as unknown[]) : [horizontal, horizontal];
  const sides = { top, bottom, left, right };
  for (const [side, size] of Object.entries(sides)) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      malformed(`The ${side} ${option} of layer "${call.layer}" is ${show(size)}, but must be an integer ≥ 0.`);
    }
  }
  return sides as Padding;
}
