import '@tensorflow/tfjs-backend-cpu';
import { gzipSync } from 'node:zlib';
import { denseSafetensors, encodeCheckpoint } from '@espalier/core';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkpointOf, tiny } from '../../test/checkpoint-of.js';
import { formatInspectReport } from './format-report.js';
import { inspectCheckpoint } from './inspect-checkpoint.js';

let before: number;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(before);
});

it('counts a tiny network as one does by hand', async () => {
  // conv: 3·3·1·2 = 18 entries, each used at 2·2 output positions (5 wide, 3 wide kernel, stride 2): 72 MACs.
  // head: 8·3 = 24 entries, each used once: 24 MACs. norm: 4·2 entries, head bias: 3. All: 18 + 24 + 8 + 3 = 53.
  // Masked: 9 of conv, 18 of head. So 9·4 + 6 = 42 MACs are left, 27 of 42 prunable and 27 of 53 entries are masked.
  const first = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const report = await inspectCheckpoint(
    await checkpointOf(tiny(), { 'conv/kernel': first(9), 'head/kernel': first(18) }),
  );
  expect(report).toMatchObject({
    method: { name: 'fixed' },
    clock: { step: 0, position: 0, round: 0 },
    seed: 4,
    resumable: true,
    metadata: { dataset: 'none' },
    layers: [
      {
        name: 'conv/kernel',
        shape: [3, 3, 1, 2],
        entries: 18,
        nonzeros: 9,
        sparsity: 0.5,
        macs: { dense: 72, sparse: 36 },
      },
      { name: 'head/kernel', shape: [8, 3], entries: 24, nonzeros: 6, sparsity: 0.75, macs: { dense: 24, sparse: 6 } },
    ],
    prunable: { entries: 42, nonzeros: 15, sparsity: 27 / 42 },
    all: { entries: 53, nonzeros: 26, sparsity: 27 / 53 },
    macs: { dense: 96, sparse: 42 },
    uncounted: [],
  });
  expect(report.note).toContain('do not make dense kernels faster');
  expect(formatInspectReport(report)).toMatch(/^Method "fixed"/);
});

it('says of a network without a run that it is one', async () => {
  const report = await inspectCheckpoint({ ...(await checkpointOf(tiny(), {})), optimizer: null });
  expect(formatInspectReport(report)).toMatch(/^A network as it is: no run of training is in the file\./);
});

it('gives the sizes of the files that the library would write', async () => {
  const checkpoint = await checkpointOf(tiny(), { 'head/kernel': [0, 1, 2] });
  const { bytes } = await inspectCheckpoint(checkpoint);
  const dense = denseSafetensors(checkpoint);
  const sparse = encodeCheckpoint({ ...checkpoint, slots: [], optimizer: null, snapshots: new Map() });
  expect(bytes).toEqual({
    dense: dense.length,
    denseGzip: gzipSync(dense).length,
    sparse: sparse.length,
    sparseGzip: gzipSync(sparse).length,
  });
});

it.each([
  // Every entry of a kernel is used once at each output position: 6·6 with same padding, 3·3 with stride 2.
  [
    'conv2d same',
    () => layers.conv2d({ name: 'x', filters: 2, kernelSize: 3, padding: 'same' }),
    [6, 6, 4],
    { 'x/kernel': 72 * 36 },
  ],
  [
    'depthwise',
    () => layers.depthwiseConv2d({ name: 'x', kernelSize: 3, strides: 2, padding: 'same' }),
    [6, 6, 4],
    { 'x/depthwise_kernel': 36 * 9 },
  ],
  // Depthwise 3·3·4 = 36 entries, pointwise 4·2 = 8 entries, both at 4·4 valid positions.
  [
    'separable',
    () => layers.separableConv2d({ name: 'x', filters: 2, kernelSize: 3 }),
    [6, 6, 4],
    { 'x/depthwise_kernel': 36 * 16, 'x/pointwise_kernel': 8 * 16 },
  ],
  // Transposed: every entry once at each *input* position.
  [
    'transposed',
    () => layers.conv2dTranspose({ name: 'x', filters: 2, kernelSize: 3, strides: 2 }),
    [6, 6, 4],
    { 'x/kernel': 72 * 36 },
  ],
  ['conv1d', () => layers.conv1d({ name: 'x', filters: 2, kernelSize: 3 }), [7, 4], { 'x/kernel': 24 * 5 }],
  // Dense over the last of several axes: once at each of 7 places.
  ['dense on a sequence', () => layers.dense({ name: 'x', units: 5 }), [7, 4], { 'x/kernel': 20 * 7 }],
] as const)('counts the multiply-accumulates of %s', async (_, layer, shape, expected) => {
  const x = input({ shape: [...shape] });
  const model = makeModel({ inputs: x, outputs: layer().apply(x) as typeof x });
  const { layers: found } = await inspectCheckpoint(await checkpointOf(model));
  expect(Object.fromEntries(found.map(({ name, macs }) => [name, macs?.dense]))).toEqual(expected);
});

it('counts a shared layer at each of its places', async () => {
  const [a, b] = [input({ shape: [4] }), input({ shape: [4] })];
  const shared = layers.dense({ name: 'x', units: 3 });
  const outputs = [a, b].map(value => shared.apply(value) as typeof a);
  const { macs } = await inspectCheckpoint(await checkpointOf(makeModel({ inputs: [a, b], outputs })));
  expect(macs).toEqual({ dense: 24, sparse: 24 });
  // LayersModel.dispose of TensorFlow.js 4.22 does not free layers that stand in several places: two weights in two
  // models.
  before += 4;
});

it('says which layers it cannot count: inputs of open size, and checkpoints without topology', async () => {
  const x = input({ shape: [null, null, 1] });
  const open = makeModel({
    inputs: x,
    outputs: layers.conv2d({ name: 'x', filters: 1, kernelSize: 3 }).apply(x) as typeof x,
  });
  const checkpoint = await checkpointOf(open);
  for (const given of [checkpoint, { ...checkpoint, model: null }]) {
    const report = await inspectCheckpoint(given);
    expect(report).toMatchObject({ macs: null, uncounted: ['x/kernel'], layers: [{ macs: null }] });
    expect(formatInspectReport(report)).toContain('cannot be counted for: x/kernel');
  }
});

it('prints every layer, both sparsities, and that dense kernels are not faster', async () => {
  const text = formatInspectReport(
    await inspectCheckpoint(await checkpointOf(tiny(), { 'head/kernel': [0, 1, 2, 3, 4, 5] })),
  );
  expect(text).toMatch(/^head\/kernel +8×3 +24 +18 +25\.0 % +24 +18$/m);
  expect(text).toMatch(/^prunable weights +42 +36 +14\.3 %$/m);
  expect(text).toMatch(/^all weights +53 +47 +11\.3 %$/m);
  expect(text).toContain('96 multiply-accumulates dense, 90 (93.8 %) without the zeros');
  expect(text).toContain('do not make dense kernels faster');
});

it('times the network only if it is asked to', async () => {
  const checkpoint = await checkpointOf(tiny(), { 'conv/kernel': [0, 1, 2, 3, 4, 5, 6, 7, 8] });
  expect(await inspectCheckpoint(checkpoint)).toMatchObject({ measured: null, unmeasured: '' });
  const report = await inspectCheckpoint(checkpoint, { measure: true });
  // 9 of 18 entries at 4 places and all 24 of the head: 36 + 24 of 72 + 24 multiply-accumulates.
  expect(report).toMatchObject({ unmeasured: null, measured: { flopDensity: 60 / 96, tuned: true, leftOut: [] } });
  expect(report.measured?.candidates.map(({ name }) => name)).toEqual(['sparse', 'dense', 'tfjs-wasm']);
  expect(formatInspectReport(report)).toMatch(
    /^Measured with @espalier\/runtime on .* as fast \(.* in the middle half of the rounds\), with 1\.60× less/m,
  );
});

it('reports all else of a network that cannot be timed, and says why it cannot', async () => {
  const x = input({ shape: [6, 6, 2] });
  const convolved = layers.conv2d({ filters: 2, kernelSize: 3 }).apply(x);
  const y = layers.layerNormalization({ name: 'norm' }).apply(convolved) as typeof x;
  const checkpoint = await checkpointOf(makeModel({ inputs: x, outputs: y }));
  const unsupported = await inspectCheckpoint(checkpoint, { measure: true });
  expect(unsupported).toMatchObject({ measured: null, macs: { dense: 16 * 9 * 4 } });
  expect(unsupported.unmeasured).toMatch(/^UNSUPPORTED_LAYERS: .*norm \(LayerNormalization\)/s);
  const bare = await inspectCheckpoint({ ...checkpoint, model: null }, { measure: true });
  expect(bare).toMatchObject({ measured: null, all: { entries: 36 + 2 + 4 } });
  expect(formatInspectReport(bare)).toMatch(/could not be measured\. CHECKPOINT_MISMATCH: .*no topology/);
});
