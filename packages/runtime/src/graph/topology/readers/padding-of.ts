import type { Padding } from '../../graph.js';
import { noPadding, samePadding } from '../../padding.js';
import { show } from '../../show.js';
import { malformed } from '../fields.js';
import type { LayerCall } from '../layer-call.js';

/** What `padding: 'same' | 'valid'` adds around an image. */
export function paddingOf(
  call: LayerCall,
  shape: readonly [number, number, number],
  window: readonly [number, number],
  strides: readonly [number, number],
  dilations?: readonly [number, number],
): Padding {
  const padding = call.config.padding ?? 'valid';
  if (padding === 'valid') return noPadding;
  if (padding === 'same') return samePadding([shape[0], shape[1]], window, strides, dilations);
  return malformed(`The padding of layer "${call.layer}" is ${show(padding)}, but must be "same" or "valid".`);
}
