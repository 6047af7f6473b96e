import { nearestName } from '@espalier/core';
import { malformedImages } from '../images/malformed-images.js';
import { partOf } from './part-names.js';

/** Where in a row of a table everything is. */
export interface Columns {
  readonly path: number;
  readonly label: number;
  readonly split: number | undefined;
  /** Whether the first row names the columns. */
  readonly named: boolean;
}

const names = {
  path: ['path', 'file', 'filename', 'file_name', 'filepath', 'file_path', 'image', 'image_path', 'img', 'img_path'],
  label: ['label', 'class', 'class_name', 'classname', 'category', 'label_name', 'target'],
  split: ['split', 'set', 'subset', 'part', 'partition', 'fold'],
} as const;

const columnOf = (header: readonly string[], known: readonly string[]): number => {
  const written = header.map(name =>
    name
      .trim()
      .toLowerCase()
      .replace(/[\s-]+/g, '_'),
  );
  return known.map(name => written.indexOf(name)).find(index => index >= 0) ?? -1;
};

/**
 * Finds the columns by their names, whatever the order; without a row of names they are path, label, and split if the
 * third column holds nothing but splits.
 */
export function columnsOf(source: string, rows: readonly (readonly string[])[]): Columns {
  const [first = []] = rows;
  const [path, label, split] = [
    columnOf(first, names.path),
    columnOf(first, names.label),
    columnOf(first, names.split),
  ] as const;
  if (path >= 0 && label >= 0) return { path, label, split: split < 0 ? undefined : split, named: true };
  if (path >= 0 || label >= 0) {
    const [found, wanted] = path >= 0 ? [first[path], 'label'] : [first[label], 'path'];
    const near = nearestName(wanted, first);
    const remedy = near === undefined ? '' : ` (is it ${JSON.stringify(near)}?)`;
    throw malformedImages(
      source,
      `its first row names a column ${JSON.stringify(found)}, but none ${wanted}${remedy}; the columns are path, label and, if there is one, split`,
    );
  }
  if (first.length < 2) {
    throw malformedImages(source, 'a row needs the path of an image and its label, between commas or tabs');
  }
  const withSplit = rows.every(row => row[2] !== undefined && partOf(row[2]) !== undefined);
  return { path: 0, label: 1, split: withSplit ? 2 : undefined, named: false };
}
