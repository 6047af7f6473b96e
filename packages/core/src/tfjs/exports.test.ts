import { expect, it } from 'vitest';
import * as testing from '../testing/index.js';
import * as tfjs from './index.js';

it('@espalier/core/tfjs exports exactly its public names', () => {
  expect(Object.keys(tfjs).sort()).toEqual([
    'DuplicateWeightError',
    'InvalidModelError',
    'MaskedOptimizer',
    'NoPrunableWeightsError',
    'OptimizerNotUsedError',
    'PruningSession',
    'SessionDisposedError',
    'applyMasks',
    'batchNormalizations',
    'disposeOptimizer',
    'keepFrozenStatistics',
    'loadWeights',
    'modelFromTopology',
    'modelNormalization',
    'modelWeights',
    'prunableWeights',
    'pruneOnce',
    'requireModel',
    'setModelNormalization',
    'tensorOperations',
    'toModel',
    'weightsOf',
  ]);
});

it('@espalier/core/testing exports exactly its public names', () => {
  expect(Object.keys(testing).sort()).toEqual([
    'ContractViolationError',
    'afterwards',
    'bitsOf',
    'describeMethodContract',
    'guardTensors',
    'layer',
    'maskOf',
    'methodContract',
    'supportedOptimizers',
    'toyModel',
    'viewAt',
  ]);
});
