import '@tensorflow/tfjs-backend-cpu';
import * as core from '@espalier/core';
import * as coreNode from '@espalier/core/node';
import * as coreTfjs from '@espalier/core/tfjs';
import * as datasets from '@espalier/datasets';
import * as models from '@espalier/models';
import * as onnx from '@espalier/onnx';
import * as onnxNode from '@espalier/onnx/node';
import * as acdc from '@espalier/prune-acdc';
import * as gap from '@espalier/prune-gap';
import * as lth from '@espalier/prune-lth';
import * as magnitude from '@espalier/prune-magnitude';
import * as rigl from '@espalier/prune-rigl';
import * as str from '@espalier/prune-str';
import * as woodfisher from '@espalier/prune-woodfisher';
import * as trainer from '@espalier/trainer';
import * as transfer from '@espalier/transfer';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

/** Number 26: whatever a function of the packages is given, it comes to a result or to an error with a code. */
beforeAll(() => tf.setBackend('cpu'));

const packages: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  core,
  'core/node': coreNode,
  'core/tfjs': coreTfjs,
  datasets,
  models,
  onnx,
  'onnx/node': onnxNode,
  trainer,
  transfer,
  acdc,
  gap,
  lth,
  magnitude,
  rigl,
  str,
  woodfisher,
};
const values: readonly unknown[] = [undefined, null, 5, 'x', {}, [], [null], Symbol('x'), 1n];
/** Networks with their defaults take long to make. */
const odd = values.filter(value => value !== undefined && !isEmpty(value));
const layer = { name: 'a', shape: [2, 2], size: 4, scores: new Float32Array(4) };

/**
 * Functions that would write at the path "x", or that are given rules by other functions: their own suites try them.
 */
const passedOver = new Set(['lockDirectory', 'makeDirectory', 'writeFileAtomic', 'removeLeftovers', 'checkOptions']);

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

const isPlain = (found: unknown): found is (...given: unknown[]) => unknown =>
  typeof found === 'function' && !/^class/.test(Function.prototype.toString.call(found));

/** What came of a call, if it is neither a result nor an error with a code. */
async function bare(call: () => unknown): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return core.EspalierError.isInstance(error) ? undefined : String(error);
  }
}

it.each(Object.keys(packages))('every function of %s refuses wrong arguments with a code', async name => {
  const found: string[] = [];
  for (const [key, each] of Object.entries(packages[name] ?? {})) {
    if (!isPlain(each) || passedOver.has(key)) continue;
    for (const value of name === 'models' ? odd : values) {
      for (const count of new Set([1, each.length + 1])) {
        const problem = await bare(() => each(...Array.from({ length: count }, () => value)));
        if (problem) found.push(`${key}(${count} x ${Array.isArray(value) ? 'array' : String(value)}): ${problem}`);
      }
    }
  }
  expect(found.join('\n')).toBe('');
});

it.each<[string, () => unknown, string]>([
  ['uniform', () => core.uniform(5 as never, 0.5), 'layers'],
  ['uniform', () => core.uniform([{ ...layer, size: '4' }] as never, 0.5), 'layers[0].size'],
  ['global', () => core.global([{ ...layer, scores: [1] }] as never, 0.5), 'layers[0].scores'],
  ['lamp', () => core.lamp([null] as never, 0.5), 'layers[0]'],
  ['erdosRenyiKernel', () => core.erdosRenyiKernel([{ ...layer, shape: 4 }] as never, 0.5), 'layers[0].shape'],
  ['uniformPlus', () => core.uniformPlus([layer], 5), 'sparsity'],
  ['isDue', () => core.isDue(null as never, 5), 'cadence'],
  ['isDue', () => core.isDue({ start: 0, end: 5, every: '1' } as never, 5), 'cadence.every'],
  ['activeMagnitude', () => core.activeMagnitude({ weights: new Float32Array(1) } as never), 'layer.mask'],
  ['countOnes', () => core.countOnes('11' as never), 'mask'],
  ['normalizationFor', () => core.normalizationFor({ mean: [0] } as never, 3), 'normalization.std'],
  ['normalizationFor', () => core.normalizationFor({ mean: [0], std: [1] }, -1), 'channels'],
  ['linearRestart', () => magnitude.linearRestart(null as never), 'phase'],
  ['cyclicRestart', () => magnitude.cyclicRestart({ steps: 5 } as never), 'phase.dense'],
  ['convolutionsButFirst', () => lth.convolutionsButFirst(5 as never), 'layers'],
  ['cosine', () => core.cosine({ from: Symbol('a') as never, start: 0, end: 1 }), 'from'],
  [
    'magnitude',
    () => magnitude.magnitude({ sparsity: 1n as never, cadence: { start: 0, end: 1, every: 1 } }),
    'sparsity',
  ],
])('%s names what is wrong', (_, call, option) => {
  expect(call).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
});

it('a score for each entry, and no other number of them', () => {
  const short = { ...layer, scores: new Float32Array(3) };
  for (const distribution of [core.global, core.lamp])
    expect(() => distribution([short], 0.5)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
});
