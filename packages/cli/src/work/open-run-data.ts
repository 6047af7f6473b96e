import type { Checkpoint } from '@espalier/core';
import { describeDataset } from '@espalier/datasets/node';
import type { DataRequest } from '../data/data-request.js';
import type { Loading } from '../data/named-data.js';
import { openData } from '../data/open-data.js';
import { ownDataset } from '../data/own-data.js';
import type { RunData } from '../data/run-data.js';
import { asksForNewClassifier, type FeaturePlace } from '../network/feature-place.js';
import { fitNetwork, fittedEnds, newClassifier } from '../network/fit-network.js';
import type { RequestedOptions } from '../recipe/recipe.js';
import { storedDatasetToLoad } from '../recipe/stored-dataset.js';
import { withImageSize } from '../transfer/image-size.js';
import { endsOf, requireFit, requireFitOf, requireImages, takesSize } from './network-ends.js';
import type { Beginning } from './open-run.js';

/** The examples of a run, and the network of `--from`, for images of their size. */
export interface RunBeginning {
  readonly data: RunData;
  readonly origin: Checkpoint | undefined;
  /** Kernel of the classifier, if that was made anew for the classes of the examples. */
  readonly newClassifier?: string;
}

/** Opens the examples of a run, and sees to it that its network fits them before anything large is read. */
export async function openRunData(
  { dataset, seed = 0, loss }: RequestedOptions,
  { checkpoint, origin }: Beginning,
  loading: Loading & {
    readonly request: DataRequest;
    readonly judgeAll?: boolean;
    readonly newHead?: boolean;
    readonly place?: FeaturePlace;
  },
): Promise<RunBeginning> {
  const network = checkpoint ?? origin;
  const { request, progress, newHead = false, place } = loading;
  const found = network && (await endsOf(network, loss));
  const ends = found && place && asksForNewClassifier(place) && origin ? { ...found, gives: null } : found;
  const fits = origin !== undefined && newHead; // the network may be changed
  if (ends && request.path !== undefined) requireImages(ends.takes);
  const data = await openData({
    ...loading,
    dataset,
    checkpoint: network,
    resumed: checkpoint !== undefined,
    takes: ends?.takes,
    seed,
    named: async () => {
      const name = dataset ?? storedDatasetToLoad(network) ?? 'digits';
      if (ends) requireFit(fits ? fittedEnds(ends, describeDataset(name)) : ends, name);
      return name;
    },
  });
  if (origin && ends && fits) {
    const examples = { shape: data.shape, classCount: data.classes.length };
    const sizeFrom = data.own ? '--size' : `the images of ${data.name}`;
    const say = (line: string): void => progress.line(line);
    const fitted = await fitNetwork(origin, ends, examples, { seed, ...place, say, sizeFrom });
    requireFitOf(fitted === origin ? ends : await endsOf(fitted, loss), data);
    return { data, origin: fitted, ...(ends.gives === examples.classCount ? {} : { newClassifier }) };
  }
  if (!data.own || !ends || !network) return { data, origin };
  const resized =
    origin && !takesSize(ends.takes, data.shape) ? await withImageSize(origin, data.own.fit.size) : origin;
  requireFitOf(resized === origin ? ends : await endsOf(resized as Checkpoint, loss), data);
  return { data, origin: resized };
}

/** What was asked for, with the examples in the place of what names them, and what became of the classifier. */
export function withBeginning(requested: RequestedOptions, { data, newClassifier }: RunBeginning): RequestedOptions {
  const { own, name, size } = data;
  const asked = newClassifier === undefined ? requested : { ...requested, newClassifier };
  if (!own) return { ...asked, dataset: requested.dataset ?? name };
  return { ...asked, dataset: ownDataset, data: own, batchSize: requested.batchSize ?? Math.min(64, size) };
}
