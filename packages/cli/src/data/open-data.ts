import type { Checkpoint } from '@espalier/core';
import { UsageError } from '../errors.js';
import type { OwnDataSources } from './choose-own-data.js';
import { type DataRequest, requireNoImageOptions } from './data-request.js';
import { type Loading, namedData } from './named-data.js';
import { openOwnData } from './open-own-data.js';
import { storedOwnData } from './own-data.js';
import type { RunData } from './run-data.js';

/** Where examples may come from. */
export interface DataSources extends Loading {
  readonly request: DataRequest;
  /** What `--dataset` says. */
  readonly dataset: string | undefined;
  /** The checkpoint of the run that goes on, or of the network that is taken. */
  readonly checkpoint: Checkpoint | undefined;
  readonly resumed?: boolean | undefined;
  readonly takes?: OwnDataSources['takes'];
  readonly seed: number;
  readonly judgeAll?: boolean | undefined;
  /** The dataset where nobody says anything; checks that the network fits before it is loaded. */
  readonly named: () => Promise<string>;
}

/**
 * The examples that the options name, else those that the checkpoint was trained on: images of one's own, or a dataset.
 */
export async function openData(sources: DataSources): Promise<RunData> {
  const { request, dataset, checkpoint } = sources;
  const stored = storedOwnData(checkpoint);
  const path = request.path ?? (dataset === undefined ? stored?.path : undefined);
  if (path !== undefined) {
    if (sources.resumed && !stored) {
      throw new UsageError(
        'The run was started with a dataset, not with --data. Leave the option out, or start a new run.',
      );
    }
    return openOwnData(path, { ...sources, stored, network: checkpoint });
  }
  requireNoImageOptions(request);
  return namedData(await sources.named(), sources);
}
