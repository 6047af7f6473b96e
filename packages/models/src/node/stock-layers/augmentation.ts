import { UnsupportedLayerOptionError } from '@espalier/core';
import { isObject, type JsonObject } from '../layers-model/model-json.js';
import { type LayerEntry, replaced } from './layer-entry.js';

/** Layers of Keras that change images at random while a network is trained, and pass them on otherwise. */
const augmentation: ReadonlySet<string> = new Set(
  [
    ...['Flip', 'Rotation', 'Zoom', 'Contrast', 'Translation', 'Brightness', 'Height', 'Width'],
    ...[
      'ColorDegeneration',
      'ColorJitter',
      'ElasticTransform',
      'Erasing',
      'GaussianBlur',
      'Grayscale',
      'Hue',
      'Invert',
    ],
    ...['Perspective', 'Posterization', 'Saturation', 'Sharpness', 'Shear'],
  ].map(name => `Random${name}`),
);

const others: ReadonlySet<string> = new Set(['RandAugment', 'AugMix', 'MixUp', 'CutMix']);

/** True for layers that pass images on unless the network is trained. */
export const isAugmentation = (className: string): boolean => augmentation.has(className) || others.has(className);

/** The layer that passes images on, in the place of one that changes them in training. */
export function passingOn(layer: LayerEntry): JsonObject {
  const { name, className, entry } = layer;
  if (isTrained(entry.inbound_nodes))
    throw new UnsupportedLayerOptionError(
      name,
      className,
      'training',
      'training true in its call, so that it is random',
    );
  const passing = replaced(layer, 'Activation', { activation: 'linear' });
  return { ...passing, ...(isOfKeras3(entry.inbound_nodes) ? { inbound_nodes: plainCalls(entry.inbound_nodes) } : {}) };
}

/** Whether calls are written as Keras 3 does: arguments and options apart. */
function isOfKeras3(nodes: unknown): nodes is JsonObject[] {
  return Array.isArray(nodes) && nodes.length > 0 && nodes.every(node => isObject(node) && 'args' in node);
}

/** Calls without how they were called when the network was built. */
const plainCalls = (nodes: readonly JsonObject[]): JsonObject[] =>
  nodes.map(({ kwargs, ...node }) => {
    const { training: _, ...options } = isObject(kwargs) ? kwargs : {};
    return { ...node, kwargs: options };
  });

/**
 * True if a call of Keras 2 says `training: true`. Keras 3 writes that beside every call, and goes by how the whole
 * network is called.
 */
function isTrained(nodes: unknown): boolean {
  return !isOfKeras3(nodes) && saysTrained(nodes);
}

function saysTrained(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null || depth > 8) return false;
  if (!Array.isArray(value) && (value as JsonObject).training === true) return true;
  return Object.values(value).some(part => saysTrained(part, depth + 1));
}

/** Those that TensorFlow.js has under the same name, where they resize images whether a network is trained or not. */
export const isResizing = (className: string): boolean => className === 'RandomHeight' || className === 'RandomWidth';

/** Versions of Keras disagree about what a crop does outside of training, but not where there is nothing to cut. */
export function cropOfNothing(layer: LayerEntry): JsonObject {
  const { name, className, config } = layer;
  const sides = [config.height, config.width];
  const old = inputShape(layer)?.slice(1, 3) ?? [];
  if (sides.every((side, axis) => Number.isSafeInteger(side) && side === old[axis])) return passingOn(layer);
  const reason = `${sides.map(String).join(' x ')}, which versions of Keras cut or resize in different ways; prepare the images before`;
  throw new UnsupportedLayerOptionError(name, className, 'height', reason);
}

/** What a layer reads, batch first, if its entry says it. */
export function inputShape({ config, entry }: LayerEntry): readonly unknown[] | undefined {
  const build = entry.build_config as JsonObject | null | undefined;
  const shapes = [config.batch_input_shape, config.batch_shape, build?.input_shape];
  return shapes.find((shape): shape is readonly unknown[] => Array.isArray(shape));
}
