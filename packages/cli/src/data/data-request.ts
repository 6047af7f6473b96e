import type { ImageSize } from '@espalier/datasets';
import { UsageError } from '../errors.js';
import { imageSize } from '../options/image-size.js';
import { number, type ParsedOptions, text } from '../options/read.js';
import { type AugmentationName, augmentations } from './augmentation.js';
import { fitRuleOf, type ImageFit } from './image-fit.js';

/** What the command line says about images of one's own; what it does not say is absent. */
export interface DataRequest {
  readonly path?: string | undefined;
  readonly testFraction?: number | undefined;
  readonly size?: ImageSize | undefined;
  readonly fit?: Pick<ImageFit, 'rule' | 'resize'> | undefined;
  readonly interpolation?: ImageFit['interpolation'] | undefined;
  readonly augment?: AugmentationName | undefined;
  readonly skipDamaged?: boolean | undefined;
}

/** Reads the options, each checked by itself. */
export function dataRequest(given: ParsedOptions): DataRequest {
  const path = text(given, 'data');
  if (path !== undefined && given.dataset !== undefined) throw new UsageError('Give --data or --dataset, not both.');
  const testFraction = number(given, 'test-fraction', { least: 0, below: 1 });
  if (testFraction === 0) throw new UsageError('--test-fraction is 0, but something has to be tested on, such as 0.2.');
  const resize = text(given, 'resize');
  return {
    path,
    testFraction,
    size: imageSize(given),
    fit: resize === undefined ? undefined : fitRuleOf(resize),
    interpolation: text(given, 'interpolation', ['bilinear', 'bicubic']) as ImageFit['interpolation'] | undefined,
    augment: text(given, 'augment', augmentations) as AugmentationName | undefined,
    skipDamaged: given['skip-damaged'] === true ? true : undefined,
  };
}

const flags: Readonly<Record<Exclude<keyof DataRequest, 'path'>, string>> = {
  testFraction: '--test-fraction',
  size: '--size',
  fit: '--resize',
  interpolation: '--interpolation',
  augment: '--augment',
  skipDamaged: '--skip-damaged',
};

/** Refuses options of images of one's own for a dataset that has its own images, size and augmentation. */
export function requireNoImageOptions(request: DataRequest): void {
  const found = Object.entries(flags).find(([key]) => request[key as keyof typeof flags] !== undefined);
  if (found) throw new UsageError(`${found[1]} is for images of your own. Name them with --data.`);
}
