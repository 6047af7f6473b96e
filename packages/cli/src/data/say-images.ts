import type { LabeledImages } from '@espalier/datasets/node';
import { shownSize } from '../options/image-size.js';
import type { Progress } from '../output/progress.js';
import type { OwnData } from './own-data.js';

/** Says what was found, what was passed over, and what is probably not meant. */
export function sayImages(
  images: LabeledImages,
  { fit, testFraction, splitSeed }: Pick<OwnData, 'testFraction' | 'splitSeed'> & Partial<Pick<OwnData, 'fit'>>,
  progress: Progress,
): void {
  const { train, test, classes, split, passedOver, damaged, warnings } = images;
  const how =
    split === 'given' ? 'as the data say' : testFraction === 1 ? 'all of them' : `split with seed ${splitSeed}`;
  const rule = fit?.resize === undefined ? fit?.rule : `${fit.rule}:${fit.resize}`;
  const made = fit ? `, made ${shownSize(fit.size)} (${rule})` : '';
  progress.line(
    `${train.size} images to train on and ${test.size} to test on (${how}) in ${classes.length} classes${made}.`,
  );
  const { leftBehind, notImages, unlabeled, examples } = passedOver;
  const counts = [
    [leftBehind, 'hidden or left by tools'],
    [notImages, 'no images'],
    [unlabeled, 'without a class or part'],
  ] as const;
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  if (said.length > 0) progress.line(`Passed over: ${said.join(', ')}, such as ${examples.slice(0, 3).join(', ')}.`);
  for (const { message } of warnings) progress.line(`Warning: ${message}`);
  if (damaged.length === 0) return;
  progress.line(`Left out, since they are damaged: ${damaged.length} images.`);
  for (const { path, problem } of damaged.slice(0, 20)) progress.line(`  ${path}: ${problem}`);
  if (damaged.length > 20) progress.line(`  and ${damaged.length - 20} more`);
}
