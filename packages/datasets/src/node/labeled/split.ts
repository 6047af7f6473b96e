import { permutation, randomStream } from '../../batch/random.js';
import { malformedImages } from '../images/malformed-images.js';
import { type FoundImage, few, type LabeledImagesWarning } from './listing.js';

/** Images with their labels, split. */
export interface SplitImages {
  readonly split: 'given' | 'made';
  readonly train: readonly LabeledImage[];
  readonly test: readonly LabeledImage[];
  readonly warnings: readonly LabeledImagesWarning[];
}

/** One image of a class. */
export interface LabeledImage {
  readonly path: string;
  readonly label: number;
}

/** How a split is made where none is given. */
export interface SplitRule {
  readonly testFraction: number;
  readonly seed: number;
}

/** The names of the classes: in the order of numbers if all of them are numbers, else by code unit. */
export function classNamesOf(images: readonly FoundImage[]): string[] {
  const names = [...new Set(images.map(({ className }) => className))];
  const numbers = names.every(name => /^(0|[1-9]\d{0,14})$/.test(name));
  return numbers ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/**
 * Splits images as they say, or else by classes: of each class the fraction is for testing, rounded, but at least one
 * image and not all. A function of the images, the fraction and the seed alone.
 */
export function splitImages(
  source: string,
  images: readonly FoundImage[],
  classes: readonly string[],
  rule: SplitRule,
): SplitImages {
  const labels = new Map(classes.map((name, label) => [name.normalize('NFC'), label]));
  const labelOf = ({ className, path }: FoundImage): number => {
    const label = labels.get(className);
    if (label !== undefined) return label;
    throw malformedImages(
      source,
      `class ${JSON.stringify(className)} of ${JSON.stringify(path)} is none of the ${classes.length} classes ${few(classes)}`,
    );
  };
  const sorted = images
    .map(image => ({ path: image.path, label: labelOf(image), part: image.part }))
    .sort((a, b) => a.label - b.label || (a.path < b.path ? -1 : 1));
  const given = sorted.some(({ part }) => part !== undefined);
  const parts = given
    ? { train: sorted.filter(({ part }) => part === 'train'), test: sorted.filter(({ part }) => part === 'test') }
    : madeSplit(sorted, classes.length, rule);
  const plain = (part: readonly LabeledImage[]): LabeledImage[] => part.map(({ path, label }) => ({ path, label }));
  const [train, test] = [plain(parts.train), plain(parts.test)];
  const all = !given && rule.testFraction === 1;
  return {
    split: given ? 'given' : 'made',
    train,
    test,
    warnings: all
      ? []
      : [...warn(classes, train, test, 'CLASS_NOT_TRAINED'), ...warn(classes, test, train, 'CLASS_NOT_TESTED')],
  };
}

function madeSplit(
  images: readonly LabeledImage[],
  classes: number,
  { testFraction, seed }: SplitRule,
): { train: LabeledImage[]; test: LabeledImage[] } {
  const byLabel: LabeledImage[][] = Array.from({ length: classes }, () => []);
  for (const image of images) byLabel[image.label]?.push(image);
  const [train, test]: [LabeledImage[], LabeledImage[]] = [[], []];
  for (const [label, of] of byLabel.entries()) {
    const most = testFraction === 1 ? of.length : of.length - 1;
    const count = Math.min(most, Math.max(1, Math.round(testFraction * of.length)));
    const chosen = new Set(permutation(of.length, randomStream(seed, 'split', label)).subarray(0, Math.max(0, count)));
    for (const [index, image] of of.entries()) (chosen.has(index) ? test : train).push(image);
  }
  return { train, test };
}

/** A warning if classes of one part have no image in the other. */
function warn(
  classes: readonly string[],
  part: readonly LabeledImage[],
  other: readonly LabeledImage[],
  code: 'CLASS_NOT_TRAINED' | 'CLASS_NOT_TESTED',
): LabeledImagesWarning[] {
  const has = new Set(part.map(({ label }) => label));
  const lacking = [...new Set(other.map(({ label }) => label))].filter(label => !has.has(label));
  if (lacking.length === 0) return [];
  const what =
    code === 'CLASS_NOT_TESTED' ? 'trained on, but not tested: no image is left for it' : 'tested, but not trained on';
  return [{ code, message: `Classes that are ${what}: ${few(lacking.map(label => classes[label] ?? ''))}.` }];
}
