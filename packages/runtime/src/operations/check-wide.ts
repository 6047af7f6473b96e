import type { Command, Engine, TileTensor } from '../engine/engine.js';
import { LANES } from '../engine/lanes.js';
import { loadEngine } from '../engine/load.js';
import { runCommand } from '../engine/run-command.js';
import { allocateTensor, type ImageShape, tensorBytes } from '../engine/tensor.js';
import { WideKernelsWrongError } from '../errors.js';
import { convolution } from './convolution/convolution.js';
import type { ConvolutionSpec } from './convolution/spec.js';
import { pool } from './pool.js';

const NOWHERE = { top: 0, bottom: 0, left: 0, right: 0 };
const AROUND = { top: 1, bottom: 1, left: 1, right: 1 };
const UNIT = { strides: [1, 1], dilations: [1, 1], groups: 1 } as const;

/** Two tiles of 64 that are not full. */
const IMAGE: ImageShape = { height: 9, width: 13, channels: 12 };

let checked: Promise<void> | undefined;

/**
 * Compares the 256-bit kernels with plain ones, once in a process.
 *
 * @throws {@link WideKernelsUnavailableError} and {@link WideKernelsWrongError}
 */
export function checkWideKernels(): Promise<void> {
  checked ??= Promise.all([
    loadEngine({ instructions: 'relaxed-simd-256' }),
    loadEngine({ instructions: 'simd' }),
  ]).then(([wide, plain]) => compareEngines(wide, plain));
  return checked;
}

/** @throws {@link WideKernelsWrongError} if not every number is the same. */
export function compareEngines(wide: Engine, plain: Engine): void {
  for (const lanes of LANES) {
    const expected = compute(plain, lanes);
    if (compute(wide, lanes).some((value, i) => value !== expected[i])) throw new WideKernelsWrongError(lanes);
  }
}

/** Convolutions and pools that take every way through the inner loops, on integers: rounding makes no difference. */
function compute(engine: Engine, lanes: number): Float32Array {
  const { heap } = engine;
  const tensor = (): TileTensor => allocateTensor(heap, IMAGE, lanes);
  const [image, first, second, third, most, mean] = [tensor(), tensor(), tensor(), tensor(), tensor(), tensor()];
  const floats = tensorBytes(IMAGE, lanes) / 4;
  heap.floats(image.address, floats).set(integers(floats, 13));
  const window = { size: [3, 3], strides: [1, 1], padding: AROUND } as const;
  const chunk = 5;
  const commands: readonly Command[] = [
    convolution(engine, { ...spec(3), padding: AROUND, activation: 'relu6' }, image, first, undefined, { chunk }),
    convolution(engine, { ...spec(1), padding: NOWHERE, activation: 'relu' }, first, second, image, { chunk }),
    convolution(engine, { ...spec(1), padding: NOWHERE, activation: 'linear' }, first, second, second),
    convolution(engine, { ...spec(3, full), padding: AROUND, activation: 'relu6' }, second, third, image, { chunk }),
    pool(engine, { ...window, mode: 'max' }, second, most),
    pool(engine, { ...window, mode: 'average' }, second, mean),
  ];
  const scratch = heap.allocate(Math.max(...commands.map(command => command.scratch)));
  for (const command of commands) runCommand(engine, command, scratch);
  return Float32Array.from(
    [first, second, third, most, mean].flatMap(({ address }) => [...heap.floats(address, floats)]),
  );
}

const sparse = (weight: number, index: number): number => (index % 3 === 0 ? weight : 0);
const full = (weight: number): number => weight || 1;

function spec(side: number, change = sparse): Omit<ConvolutionSpec, 'padding' | 'activation'> {
  const { channels } = IMAGE;
  const kernel = integers(side * side * channels * channels, 5).map(change);
  return { ...UNIT, kernel, kernelShape: [side, side, channels, channels], bias: integers(channels, 7) };
}

/** Integers around 0 that look like noise. */
function integers(length: number, range: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((i * i * 7 + i * 3) % range) - (range - 1) / 2);
}
