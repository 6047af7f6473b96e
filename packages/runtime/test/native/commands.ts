import fc from 'fast-check';
import type { Command, Engine, NativeChoice } from '../../src/engine/engine.js';
import { createHeap } from '../../src/engine/heap.js';
import { openNative } from '../../src/engine/native.js';
import { allocateVector } from '../../src/engine/tensor.js';
import { type ConvolutionSpec, dense, depthwise, pool } from '../../src/kernels/index.js';
import { pair } from '../kernels/arbitraries.js';
import { emptyTensor, noise, noiseImage, sparseNoise, tensorOf } from '../kernels/host-image.js';
import { outputSize } from '../kernels/reference-convolution.js';
import { activations, nativeCases, pack } from './cases.js';

/** A command in the memory of an engine, and where the tables lie that it reads. */
export interface PackedCommand {
  readonly command: Command;
  readonly tables: readonly [begin: number, end: number];
}

/** Packs a command for tiles of so many pixels. */
export type PackCommand = (engine: Engine, lanes: number) => PackedCommand;

/** An engine with native kernels alone, over a memory of its own. */
export function nativeEngine(native: NativeChoice): Engine {
  const heap = createHeap({ maximumBytes: 2 ** 26 });
  const { kernels, ...rest } = openNative(native, heap);
  return { heap, kernels, instructions: 'simd', native: rest };
}

/**
 * The same engine when everything up to scratch memory at the very end of the memory has been allocated: behind that V8
 * keeps pages that nobody may touch, so that a float too far ends the process.
 */
export function fullEngine(native: NativeChoice, { heap }: Engine, scratch: number): Engine {
  heap.memory.grow(Math.ceil(scratch / 65_536));
  const { memory } = heap;
  const full = { ...heap, allocate: () => memory.buffer.byteLength - scratch };
  const { kernels, ...rest } = openNative(native, full);
  return { heap: full, kernels, instructions: 'simd', native: rest };
}

/** A command without scratch memory where it uses none: word 7 of a convolution says what it packs. */
export function leastScratch({ heap }: Engine, command: Command): Command {
  const packs = command.kernel !== 'convolution' || heap.integers(command.record, 8)[7] !== 0;
  return packs ? command : { ...command, scratch: 0 };
}

function tablesOf({ heap }: Engine, make: () => Command): PackedCommand {
  const begin = heap.allocate(0);
  const command = make();
  return { command, tables: [begin, heap.allocate(0)] };
}

const anyActivation = fc.constantFrom(...activations);

const images = fc.record({
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 40 }),
  channels: fc.integer({ min: 2, max: 18 }),
  size: pair(1, 3),
  strides: pair(1, 3),
  dilations: pair(1, 2),
  activation: anyActivation,
});

const padding = { top: 1, bottom: 1, left: 1, right: 1 };

const depthwiseCommands: fc.Arbitrary<PackCommand> = images
  .map(({ size: [rows, columns], height, width, channels, ...rest }) => {
    const kernelShape = [rows, columns, 1, channels] as const;
    const kernel = noise(rows * columns * channels, 3);
    const spec: ConvolutionSpec = { ...rest, padding, groups: channels, kernelShape, kernel };
    return { image: { height, width, channels }, spec };
  })
  .filter(({ image, spec }) => outputSize(image, spec).height > 0 && outputSize(image, spec).width > 0)
  .map(({ image, spec }) => (engine, lanes) => {
    const [input, output] = [
      tensorOf(engine, noiseImage(image, 1), lanes),
      emptyTensor(engine, outputSize(image, spec), lanes),
    ];
    const { native } = engine;
    if (native === undefined) throw new Error('This engine has no native kernels.');
    return tablesOf(engine, () => depthwise(engine, native, spec, input, output));
  });

const poolCommands: fc.Arbitrary<PackCommand> = fc
  .tuple(images, fc.constantFrom('max' as const, 'average' as const))
  .map(([{ height, width, channels, size, strides }, mode]) => (engine, lanes) => {
    const image = { height: height + 2, width: width + 2, channels };
    const shape = outputSize(image, { kernelShape: [...size, 1, channels], dilations: [1, 1], strides, padding });
    const [input, output] = [tensorOf(engine, noiseImage(image, 1), lanes), emptyTensor(engine, shape, lanes)];
    return tablesOf(engine, () => pool(engine, { mode, size, strides, padding }, input, output));
  });

const denseCommands: fc.Arbitrary<PackCommand> = fc
  .record({
    inputs: fc.integer({ min: 1, max: 70 }),
    outputs: fc.integer({ min: 1, max: 40 }),
    density: fc.constantFrom(0.1, 1),
    activation: anyActivation,
  })
  .map(({ inputs, outputs, density, activation }) => engine => {
    const [x, y] = [allocateVector(engine.heap, inputs), allocateVector(engine.heap, outputs)];
    const spec = { kernel: sparseNoise(inputs * outputs, density, 3), bias: noise(outputs, 4), activation };
    return tablesOf(engine, () => dense(engine, spec, x, y));
  });

/** Commands of every native kernel, most often of the one that has the most to check. */
export const nativeCommands: fc.Arbitrary<PackCommand> = fc.oneof(
  {
    weight: 4,
    arbitrary: nativeCases.map(
      (each): PackCommand =>
        (engine, lanes) =>
          pack(engine, each, lanes),
    ),
  },
  { weight: 2, arbitrary: depthwiseCommands },
  { weight: 1, arbitrary: poolCommands },
  { weight: 1, arbitrary: denseCommands },
);
