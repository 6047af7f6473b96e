import { datasetNames, loadDataset, loadTask, type TaskSplit, taskNames } from '@espalier/datasets/node';
import type { TransferTask } from '@espalier/transfer';
import { showLoading } from '../data/show-loading.js';
import { UsageError } from '../errors.js';
import type { Progress } from '../output/progress.js';

/** Datasets that lie in memory and can be tasks; the rest of them are made up. */
const datasets: readonly string[] = datasetNames.filter(name => name !== 'synthetic');

/** Names of all tasks that `transfer` knows. */
export const transferTaskNames: readonly string[] = [...new Set<string>([...taskNames, ...datasets])];

/** Names of splits. */
export const splitNames: readonly TaskSplit[] = ['official', 'salman2020'];

/** Loads a task of the study, or a dataset as a task, and shows how that goes. */
export async function loadTransferTask(
  name: string,
  split: TaskSplit,
  {
    progress,
    signal,
    maximumMemory,
  }: { readonly progress: Progress; readonly signal: AbortSignal; readonly maximumMemory: number | undefined },
): Promise<TransferTask> {
  const options = {
    signal,
    onProgress: showLoading(progress),
    ...(maximumMemory === undefined ? {} : { maximumMemory }),
  };
  if (!datasets.includes(name)) return loadTask(name, { ...options, split });
  if (split !== 'official') throw new UsageError(`--split is ${split}, but ${name} has its official split alone.`);
  return { name, metric: 'top-1', ...(await loadDataset(name, options)) };
}
