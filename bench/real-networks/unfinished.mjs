/** Checkpoints of runs that were cut off, so that the next call goes on from them with the same result. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { latestCheckpoint, saveCheckpoint } from '@espalier/trainer/node';
import { sameSettings } from '../run-files.mjs';

/** Steps between two checkpoints. */
const every = 100;

/**
 * The unfinished run of a cell.
 *
 * @param {string} networks Folder of kept networks.
 * @param {import('./store.mjs').Cell} cell
 * @param {object} settings Everything that decides the run's result.
 */
export async function unfinishedRun(networks, { name, seed }, settings) {
  const folder = join(networks, 'unfinished', `${name}-${seed}`);
  const found = (await latestCheckpoint(folder))?.checkpoint;
  const checkpoint = sameSettings(found?.metadata.settings, settings) ? found : undefined;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (!checkpoint) remove();
  return {
    /** Where it stopped; undefined if it has not begun, or began with other settings. */
    checkpoint,
    /** Seconds that its steps have taken. */
    seconds: checkpoint?.metadata.seconds ?? 0,
    /** Option `checkpoint` of `train`; `seconds` tells how long the steps have taken by then. */
    saving: seconds => ({
      every,
      save: ({ metadata, ...rest }) =>
        saveCheckpoint(folder, { ...rest, metadata: { ...metadata, settings, seconds: seconds() } }, { keep: 1 }),
    }),
    remove,
  };
}
