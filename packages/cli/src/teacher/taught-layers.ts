import { nearestName } from '@espalier/core';
import type { layers as Layers, LayersModel } from '@tensorflow/tfjs-layers';
import { UsageError } from '../errors.js';
import { selectorOf } from '../options/selectors.js';

/**
 * Names of layers, those inside nested models too, and all that match a pattern and that the teacher has as well. The
 * inputs and the output are none.
 */
export function taughtLayers(student: LayersModel, teacher: LayersModel, written: readonly string[]): string[] {
  const [known, taught] = [layerNames(student), new Set(layerNames(teacher))];
  const names = written.flatMap(part => {
    const selector = selectorOf(part);
    return typeof selector === 'string' ? [selector] : known.filter(name => selector.test(name) && taught.has(name));
  });
  const missing = names.find(name => !known.includes(name)) ?? (names.length === 0 ? written.join(',') : undefined);
  if (missing === undefined) return [...new Set(names)];
  const meant = nearestName(missing, known);
  const hint = meant === undefined ? ` Among its layers are ${known.slice(-8).join(', ')}.` : ` Did you mean ${meant}?`;
  throw new UsageError(
    `--teacher-layers names ${missing}, but both networks have no such layer before their output.${hint}`,
  );
}

function layerNames({ layers, outputs }: LayersModel): string[] {
  const ends = outputs.map(({ sourceLayer }) => sourceLayer.name);
  const all = (some: readonly Layers.Layer[]): Layers.Layer[] =>
    some.flatMap(layer => [layer, ...all((layer as Partial<LayersModel>).layers ?? [])]);
  const names = all(layers)
    .filter(layer => layer.getClassName() !== 'InputLayer')
    .map(({ name }) => name);
  return [...new Set(names)].filter(name => !ends.includes(name));
}
