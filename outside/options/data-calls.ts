import { inspectCheckpoint, measureSpeed } from '@espalier/cli';
import * as core from '@espalier/core';
import { writeCheckpoint } from '@espalier/core/node';
import { PruningSession, setModelNormalization, toModel } from '@espalier/core/tfjs';
import { denseTwin } from '@espalier/prune-acdc';
import { pruneCheckpoint } from '@espalier/prune-gap';
import * as magnitude from '@espalier/prune-magnitude';
import * as runtime from '@espalier/runtime';
import { saveCheckpoint } from '@espalier/trainer/node';
import { fullFinetune, linearProbe, runtimeExtractor } from '@espalier/transfer';
import { type Call, started } from './other-calls.js';
import { model } from './training-calls.js';

/** Functions that read, as others wrote them, the options of layers, and what only the library calls. */
export const ofTheReader: ReadonlyMap<string, string> = new Map([
  ['readTopology', 'its argument is a set of functions of a reader of networks, not options of a user'],
  ['new Plan', 'its argument is a summary that `compile` has made, not options of a user'],
  ['plainLayerConfig', 'its argument is a set of functions of a reader of layers, not options of a user'],
]);

const run: core.TrainingRun = { steps: 10, stepsPerEpoch: 5, sparsity: 0.5, trained: false, rateOver: () => 0.1 };

/**
 * Parameters that are data, which the library makes and files hold: refused as a whole, with the code of their kind.
 */
export const dataCalls: Readonly<Record<string, Call>> = {
  'inspectCheckpoint checkpoint': value => inspectCheckpoint(value),
  'measureSpeed checkpoint': value => measureSpeed(value),
  'activeSaliency layer': value => core.activeSaliency(value),
  'checkpointBytes checkpoint': value => core.checkpointBytes(value),
  'checkpointSparsity checkpoint': value => core.checkpointSparsity(value),
  'denseSafetensors checkpoint': value => core.denseSafetensors(value),
  'encodeCheckpoint checkpoint': value => core.encodeCheckpoint(value),
  'stripCheckpoint checkpoint': value => core.stripCheckpoint(value),
  'completeOptions definition': value => core.completeOptions(value, run, {}),
  'defineRun definition': value => core.defineRun(value, run, {}),
  'isDue cadence': value => core.isDue(value, 0),
  'normalizationFor normalization': value => core.normalizationFor(value, 3),
  'withNormalization normalization': value => core.withNormalization({}, value),
  'toModel checkpoint': value => toModel(value),
  'setModelNormalization normalization': value => setModelNormalization(model, value),
  'PruningSession.start method': value => PruningSession.start(value, started),
  'PruningSession.resume method': value => PruningSession.resume(value, started, {} as never),
  'PruningSession.resume checkpoint': value => PruningSession.resume(core.fixed(), started, value),
  'writeCheckpoint checkpoint': value => writeCheckpoint('/nowhere/file', value),
  'denseTwin checkpoint': value => denseTwin(value),
  'pruneCheckpoint checkpoint': value => pruneCheckpoint(value, { sparsity: 0.5 }),
  'adaptiveLinearRestart phase': value => magnitude.adaptiveLinearRestart(value),
  'cyclicRestart phase': value => magnitude.cyclicRestart(value),
  'fineTuning phase': value => magnitude.fineTuning(value),
  'learningRateRewinding phase': value => magnitude.learningRateRewinding(value),
  'linearRestart phase': value => magnitude.linearRestart(value),
  'scaledRestart phase': value => magnitude.scaledRestart(value),
  'trainingProducts layer': value => runtime.trainingProducts(value),
  'checkGraph graph': value => runtime.checkGraph(value),
  'graphCost graph': value => runtime.graphCost(value),
  'simplify graph': value => runtime.simplify(value),
  'dropIdentities graph': value => runtime.dropIdentities(value),
  'foldBatchNorm graph': value => runtime.foldBatchNorm(value),
  'foldZeroPadding graph': value => runtime.foldZeroPadding(value),
  'fuseActivation graph': value => runtime.fuseActivation(value),
  'fuseResidualAdd graph': value => runtime.fuseResidualAdd(value),
  'mergeSubsampling graph': value => runtime.mergeSubsampling(value),
  'saveCheckpoint checkpoint': value => saveCheckpoint('/nowhere', value),
  'runtimeExtractor checkpoint': value => runtimeExtractor(value),
  'fullFinetune task': value => fullFinetune(model, value),
  'linearProbe task': value => linearProbe(model, value),
};
