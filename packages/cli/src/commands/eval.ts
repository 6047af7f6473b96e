import { checkpointSparsity } from '@espalier/core';
import { toModel } from '@espalier/core/tfjs';
import { datasetNames } from '@espalier/datasets/node';
import { evaluate } from '@espalier/trainer';
import { bytes } from '../options/bytes.js';
import { type ParsedOptions, text, whole } from '../options/read.js';
import type { Outcome } from '../output/outcome.js';
import { createProgress } from '../output/progress.js';
import { storedDatasetToLoad } from '../recipe/stored-dataset.js';
import { chooseBackend } from '../work/backend.js';
import { loadData, requireFit, testBatches } from '../work/data.js';
import { findCheckpoint } from '../work/find-checkpoint.js';
import { chooseNormalization, dataNormalization } from '../work/normalization.js';
import { openCheckpoint } from '../work/open-checkpoint.js';

/** Runs `eval`. */
export async function runEval(given: ParsedOptions): Promise<Outcome> {
  const batchSize = whole(given, 'batch-size', 1) ?? 250;
  const memoryLimit = bytes(given, 'memory-limit');
  const wished = text(given, 'dataset', datasetNames);
  const progress = createProgress();
  const path = await findCheckpoint(String(given.checkpoint), line => progress.line(line));
  const checkpoint = await openCheckpoint(path, memoryLimit);
  const dataset = wished ?? storedDatasetToLoad(checkpoint) ?? 'digits';
  const backend = await chooseBackend(text(given, 'backend'));
  const model = await toModel(checkpoint);
  try {
    requireFit(model, dataset);
    const loaded = await loadData(dataset, progress, new AbortController().signal, memoryLimit);
    const channels = loaded.train.shape[2];
    const normalization = await chooseNormalization({
      option: text(given, 'normalization'),
      checkpoint,
      channels,
      otherwise: dataNormalization({ name: dataset, ...loaded }, channels),
    });
    const { mean, std } = normalization;
    const split = { ...loaded, normalization: { mean, std } };
    const evaluation = await evaluate(model, testBatches(split, batchSize)());
    const sparsity = checkpointSparsity(checkpoint).prunable;
    const [accuracy, pruned] = [evaluation.accuracy, sparsity].map(fraction => `${(100 * fraction).toFixed(2)} %`);
    return {
      json: {
        command: 'eval',
        checkpoint: path,
        dataset: split.test.name,
        sparsity,
        ...evaluation,
        normalization,
        backend,
      },
      lines: [
        `Accuracy ${accuracy}, loss ${evaluation.loss.toFixed(4)} on ${evaluation.examples} examples of ${split.test.name}; ${pruned} pruned.`,
        `Images were normalized as ${normalization.of}: ${normalization.why}.`,
      ],
      exitCode: 0,
    };
  } finally {
    model.dispose();
  }
}
