import { channelPadding } from '../../cost/selection.js';
import type { Padding } from '../../graph.js';
import { isNone } from '../../padding.js';
import { channelsOf } from '../../shape-of.js';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import { imageInput, type LayerCall, onlyInput, refuse, type Value } from '../layer-call.js';

/** Most entries of a kernel that moves channels. */
const maximumSelection = 2 ** 26;

/** `ZeroPadding2D`, of an image or of the channels of an image whose channels were moved to the front. */
export function readZeroPadding(call: LayerCall): Value {
  const padding = paddingOf(call);
  const value = onlyInput(call);
  if (isNone(padding)) return value;
  if (value.view === 'channelsFirst') return padChannels(call, value, padding);
  const { name: input } = imageInput(call);
  return { node: call.builder.add({ kind: 'zeroPadding', name: call.name, inputs: [input], padding }), view: 'plain' };
}

/** The model's rows are the image's channels, and its columns the image's rows. */
function padChannels(call: LayerCall, value: Value, { top, bottom, left, right }: Padding): Value {
  if (left + right > 0) refuse('zero padding of two axes of an image whose axes were permuted');
  const channels = channelsOf(call.builder.shape(value.node));
  if (channels * (top + channels + bottom) > maximumSelection) {
    malformed(`Layer "${call.layer}" pads ${channels} channels with ${top + bottom} more, over the limit.`);
  }
  const node = call.builder.add(channelPadding(call.name, value.node, channels, top, bottom));
  return { ...value, node };
}

/** `n`, `[vertical, horizontal]` or `[[top, bottom], [left, right]]`. */
function paddingOf(call: LayerCall): Padding {
  const { padding = 1 } = call.config;
  const [vertical, horizontal] = Array.isArray(padding) ? (padding as unknown[]) : [padding, padding];
  const [top, bottom] = Array.isArray(vertical) ? (vertical as unknown[]) : [vertical, vertical];
  const [left, right] = Array.isArray(horizontal) ? (horizontal as unknown[]) : [horizontal, horizontal];
  const sides = { top, bottom, left, right };
  for (const [side, size] of Object.entries(sides)) {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      malformed(`The ${side} padding of layer "${call.layer}" is ${show(size)}, but must be an integer ≥ 0.`);
    }
  }
  return sides as Padding;
}
