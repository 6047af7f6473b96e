import type { Checkpoint } from '@espalier/core';
import { type ImageSize, imageSides } from '@espalier/datasets';
import { UsageError } from '../errors.js';
import { shownSize, sizeOf, writtenSize } from '../options/image-size.js';
import type { DataRequest } from './data-request.js';
import { type ImageFit, imageFitOf, transformOf, usualSize } from './image-fit.js';
import type { Loading } from './named-data.js';
import type { OwnData } from './own-data.js';

/** What decides how images of one's own are read. */
export interface OwnDataSources extends Loading {
  readonly request: DataRequest;
  /** What a checkpoint says of its images: the run that goes on, or the network that is taken. */
  readonly stored?: OwnData | undefined;
  /** Whether the run of `stored` goes on. */
  readonly resumed?: boolean | undefined;
  /** The network that looks at them, for its classes and the fit of its images. */
  readonly network?: Checkpoint | undefined;
  /** Height, width and channels that the network takes; `null` for any. Absent for one that is still to be built. */
  readonly takes?: readonly (number | null)[] | undefined;
  readonly seed: number;
  /** Whether all images are for testing, where no split is given and they are not those of the training. */
  readonly judgeAll?: boolean | undefined;
}

type Chosen = Omit<OwnData, 'path' | 'digest' | 'count'>;

/**
 * How images of one's own are split, resized and changed: as the run that goes on did; else as the options say; else,
 * for the images that a network was trained on, with the split of that training, so that it is not tested on them.
 */
export function chooseOwnData(sources: OwnDataSources, same: boolean): Chosen {
  const { request, stored, resumed, takes, seed, judgeAll } = sources;
  if (resumed && stored) {
    const { testFraction, splitSeed, channels, fit, augment, skipDamaged } = stored;
    return { testFraction, splitSeed, channels, fit, augment, skipDamaged };
  }
  const before = same ? stored : undefined;
  return {
    testFraction: request.testFraction ?? before?.testFraction ?? (judgeAll ? 1 : 0.2),
    splitSeed: before?.splitSeed ?? seed,
    channels: takes?.[2] === 1 ? 1 : 3,
    fit: fitFor(sources),
    augment: request.augment ?? 'crop-flip',
    skipDamaged: request.skipDamaged ?? before?.skipDamaged ?? false,
  };
}

/** What the options say, else how the network was trained, else the middle of the size that it takes. */
function fitFor({ request, network, takes }: OwnDataSources): ImageFit {
  const stored = imageFitOf(network?.metadata);
  const size = request.size ?? sizeTaken(takes, stored?.size ?? usualSize);
  const same = stored && shownSize(stored.size) === shownSize(size);
  const kept = stored && { rule: stored.rule, ...(same ? { resize: stored.resize } : {}) };
  const { rule, resize } = request.fit ?? kept ?? { rule: 'crop' };
  const interpolation = request.interpolation ?? stored?.interpolation ?? 'bilinear';
  const least = Math.min(...imageSides(size));
  if (resize !== undefined && resize < least) {
    throw new UsageError(`--resize is crop:${resize}, but the shorter side must be at least the size, ${least}.`);
  }
  const fit = { size, rule, ...(resize === undefined ? {} : { resize }), interpolation };
  transformOf(fit);
  return fit;
}

/** The sides that a network takes; where it takes any, those of the other size. */
function sizeTaken(takes: OwnDataSources['takes'], other: ImageSize): ImageSize {
  const [height, width] = imageSides(other);
  return sizeOf(takes?.[0] ?? takes?.[1] ?? height, takes?.[1] ?? takes?.[0] ?? width);
}

/** Refuses options that differ from those that a run was started with. */
export function requireSameRequest(request: DataRequest, stored: OwnData): void {
  const { fit } = stored;
  const pairs: readonly (readonly [flag: string, now: unknown, was: unknown])[] = [
    ['--test-fraction', request.testFraction, stored.testFraction],
    ['--size', request.size && writtenSize(request.size), writtenSize(fit.size)],
    ['--resize', request.fit && written(request.fit), written(fit)],
    ['--interpolation', request.interpolation, fit.interpolation],
    ['--augment', request.augment, stored.augment],
    ['--skip-damaged', request.skipDamaged, stored.skipDamaged],
  ];
  const other = pairs.find(([, now, was]) => now !== undefined && now !== was);
  if (!other) return;
  const [flag, now, was] = other;
  throw new UsageError(
    `The run was started with ${flag} ${was}, not ${now}. Leave the option out, or start a new run.`,
  );
}

const written = ({ rule, resize }: Pick<ImageFit, 'rule' | 'resize'>): string =>
  resize === undefined ? rule : `${rule}:${resize}`;
