import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { LANES } from '../engine/lanes.js';
import { loadEngine } from '../engine/load.js';
import { runCommand } from '../engine/run-command.js';
import { allocateTensor, allocateVector, type ImageShape, tensorBytes, tileCount } from '../engine/tensor.js';
import { WideKernelsWrongError } from '../errors.js';
import { binary } from './binary.js';
import { convolution } from './convolution/convolution.js';
import type { ConvolutionSpec } from './convolution/spec.js';
import { dense } from './dense.js';
import { add, normalize } from './elementwise.js';
import { globalPool } from './global-pool.js';
import { pool } from './pool.js';
import { softmax } from './softmax.js';
import { filterGradient } from './training/filter-gradient.js';
import { winograd } from './winograd/winograd.js';

const NOWHERE = { top: 0, bottom: 0, left: 0, right: 0 };
const AROUND = { top: 1, bottom: 1, left: 1, right: 1 };
const UNIT = { strides: [1, 1], dilations: [1, 1], groups: 1 } as const;

/** A stem whose output is whole vectors of fours. */
const STEM: ImageShape = { height: 5, width: 16, channels: 3 };
const STEM_OUTPUTS = 32;

/** Two tiles of 64 that are not full. */
const IMAGE: ImageShape = { height: 9, width: 13, channels: 12 };

const checks = new Map<boolean, Promise<void>>();

/**
 * Compares the 256-bit kernels with plain ones, once in a process for unshared and once for shared memory: V8 compiles
 * them anew for each.
 *
 * @throws {@link WideKernelsUnavailableError} and {@link WideKernelsWrongError}
 */
export function checkWideKernels(shared: boolean): Promise<void> {
  const known = checks.get(shared) ?? check(shared);
  checks.set(shared, known);
  return known;
}

async function check(shared: boolean): Promise<void> {
  const wide = await loadEngine({ instructions: 'relaxed-simd-256', shared });
  compareEngines(wide, await loadEngine({ instructions: 'simd' }));
}

/** @throws {@link WideKernelsWrongError} if not every number is the same. */
export function compareEngines(wide: Engine, plain: Engine): void {
  for (const lanes of LANES) {
    const expected = compute(plain, lanes);
    if (compute(wide, lanes).some((value, i) => value !== expected[i])) throw new WideKernelsWrongError(lanes);
  }
}

/**
 * Every kernel that computes with vectors, convolutions and pools by every way through their inner loops, on integers:
 * rounding makes no difference.
 */
function compute(engine: Engine, lanes: number): Float32Array {
  const { heap } = engine;
  const { channels } = IMAGE;
  const products = [...computeDense(engine), ...computeStem(engine, lanes)];
  const tensor = (): TileTensor => allocateTensor(heap, IMAGE, lanes);
  const [image, first, second, third, most, mean] = [tensor(), tensor(), tensor(), tensor(), tensor(), tensor()];
  const [sum, scaled, pooled] = [tensor(), tensor(), allocateVector(heap, channels)];
  const [product, shares] = [tensor(), tensor()];
  const floats = tensorBytes(IMAGE, lanes) / 4;
  heap.floats(image.address, floats).set(integers(floats, 13));
  const window = { size: [3, 3], strides: [1, 1], padding: AROUND } as const;
  const chunk = 5;
  const activation = 'relu6';
  const gradient = filterGradient(engine, { ...spec(3), padding: AROUND, activation }, image, first, { chunk });
  const pointwise = filterGradient(engine, { ...spec(1), padding: NOWHERE, activation }, image, first);
  const commands: readonly Command[] = [
    convolution(engine, { ...spec(3), padding: AROUND, activation }, image, first, undefined, { chunk }),
    convolution(engine, { ...spec(1), padding: NOWHERE, activation: 'relu' }, first, second, image, { chunk }),
    convolution(engine, { ...spec(1), padding: NOWHERE, activation: 'linear' }, first, second, second),
    convolution(engine, { ...spec(3, whole), padding: AROUND, activation }, second, third, image, { chunk }),
    pool(engine, { ...window, mode: 'max' }, second, most),
    pool(engine, { ...window, mode: 'average' }, second, mean),
    add(engine, 'relu', image, second, sum),
    normalize(engine, { scale: integers(channels, 5), offset: integers(channels, 7), activation }, image, scaled),
    globalPool(engine, 'average', image, pooled),
    // Nothing in these is fused, so that they give the same bits whatever they compute.
    binary(engine, 'multiply', 'swish', image, pooled, product),
    softmax(engine, image, shares),
    gradient.command,
    pointwise.command,
  ];
  runAll(engine, commands);
  const images = [first, second, third, most, mean, sum, scaled, product, shares].map(({ address }) =>
    heap.floats(address, floats),
  );
  const gradients = [gradient, pointwise].flatMap(({ ranges }) =>
    ranges.map(({ values, order }) => heap.floats(values, order.length)),
  );
  const means = heap.floats(pooled.address, channels);
  return Float32Array.from([...images, means, ...gradients, products].flatMap(values => [...values]));
}

/** A Winograd convolution. Its weights are divided by divisors of 45 times powers of two. */
function computeStem(engine: Engine, lanes: number): Float32Array {
  const { heap } = engine;
  const [image, output] = [
    allocateTensor(heap, STEM, lanes),
    allocateTensor(heap, { ...STEM, channels: STEM_OUTPUTS }, lanes),
  ];
  heap.floats(image.address, tensorBytes(STEM, lanes) / 4).set(integers(tensorBytes(STEM, lanes) / 4, 13));
  const kernel = integers(9 * STEM.channels * STEM_OUTPUTS, 5).map(weight => 45 * whole(weight));
  const kernelShape = [3, 3, STEM.channels, STEM_OUTPUTS] as const;
  const stem = {
    ...UNIT,
    kernel,
    kernelShape,
    bias: integers(STEM_OUTPUTS, 7),
    padding: AROUND,
    activation: 'relu',
  } as const;
  runAll(engine, winograd(engine, stem, image, output));
  return heap.floats(output.address, (tileCount(output) * output.tileStride) / 4);
}

/** Dense layers, full and sparse. */
function computeDense(engine: Engine): Float32Array {
  const { heap } = engine;
  // Two whole rounds of the inner loop, and a rest.
  const [inputs, outputs] = [40, 18];
  const input = allocateVector(heap, inputs);
  heap.floats(input.address, inputs).set(integers(inputs, 11));
  const kernel = integers(inputs * outputs, 9).map(whole);
  const bias = integers(outputs, 7);
  const results = [kernel, kernel.map(rare)].map(weights => {
    const output = allocateVector(heap, outputs);
    runAll(engine, [dense(engine, { kernel: weights, bias, activation: 'relu' }, input, output)]);
    return heap.floats(output.address, outputs).slice();
  });
  return Float32Array.from(results.flatMap(values => [...values]));
}

function runAll(engine: Engine, commands: readonly Command[]): void {
  const scratch = engine.heap.allocate(Math.max(...commands.map(command => command.scratch)));
  for (const command of commands) runCommand(engine, command, scratch);
}

const sparse = (weight: number, index: number): number => (index % 3 === 0 ? weight : 0);
const rare = (weight: number, index: number): number => (index % 7 === 0 ? weight : 0);
const whole = (weight: number): number => weight || 1;

function spec(side: number, change = sparse): Omit<ConvolutionSpec, 'padding' | 'activation'> {
  const { channels } = IMAGE;
  const kernel = integers(side * side * channels * channels, 5).map(change);
  return { ...UNIT, kernel, kernelShape: [side, side, channels, channels], bias: integers(channels, 7) };
}

/** Integers around 0 that look like noise. */
function integers(length: number, range: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * i * 7 + i * 3) % range) - (range - 1) / 2);
}
