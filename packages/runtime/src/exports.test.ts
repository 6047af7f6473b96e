import { expect, it } from 'vitest';
import * as runtime from './index.js';
import * as tfjs from './tfjs/index.js';

it('@espalier/runtime exports exactly its public names', () => {
  expect(Object.keys(runtime).sort()).toEqual([
    'HeapFullError',
    'InvalidDescriptionError',
    'InvalidGraphError',
    'InvalidInputError',
    'InvalidTopologyError',
    'InvalidTrainingLayerError',
    'NativeKernelsUnavailableError',
    'PlanDisposedError',
    'PlanUnsoundError',
    'SimdUnavailableError',
    'ThreadLostError',
    'ThreadsUnavailableError',
    'TrainingProducts',
    'TrainingProductsDisposedError',
    'UnsupportedLayersError',
    'WideKernelsUnavailableError',
    'WideKernelsWrongError',
    'checkGraph',
    'compile',
    'dropIdentities',
    'foldBatchNorm',
    'foldZeroPadding',
    'fuseActivation',
    'fuseResidualAdd',
    'graphCost',
    'graphFromCheckpoint',
    'graphFromDescription',
    'graphFromTopology',
    'mergeSubsampling',
    'simplify',
    'trainingProducts',
  ]);
});

it('@espalier/runtime/tfjs exports exactly its public names', () => {
  expect(Object.keys(tfjs)).toEqual(['fromLayersModel']);
});
