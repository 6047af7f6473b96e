import type { Command, Engine, TileTensor } from '../../engine/engine.js';
import { isClamp } from '../../graph/activation.js';
import { activationWord } from '../activation-codes.js';
import { ONE_IMAGE, packConvolution } from '../convolution/convolution.js';
import type { ConvolutionSpec } from '../convolution/spec.js';
import { activate } from '../elementwise.js';
import { writeGroups } from '../window/write-groups.js';
import { floatBits, writeFloats, writeWords } from '../write-record.js';
import { GROUP_ROWS, winogradLayout } from './layout.js';
import { packTransformed } from './pack-transformed.js';
import { LARGEST_PIXEL } from './suits.js';
import { NEIGHBORS, POINTS } from './transform-weights.js';

/**
 * A convolution that {@link suitsWinograd}, by Winograd's algorithm. Images with NaN, infinities or numbers near them,
 * which transforming would spread to neighbors, are convolved as they are: that is found out first.
 */
export function winograd(engine: Engine, spec: ConvolutionSpec, input: TileTensor, output: TileTensor): Command[] {
  const { heap } = engine;
  if (!isClamp(spec.activation)) {
    // Both ways of computing it know the others.
    const sums = winograd(engine, { ...spec, activation: 'linear' }, input, output);
    return [...sums, activate(engine, spec.activation, output, output)];
  }
  const result = heap.allocate(8);
  const { address, tileStride, channels, lanes, height, width } = input;
  const bound = [address, tileStride, channels, lanes, height * width, floatBits(LARGEST_PIXEL), result];
  return [
    { kernel: 'within', record: writeWords(heap, bound), items: 1, scratch: 0 },
    transformed(engine, spec, input, output, result),
    packConvolution(engine, spec, input, output, undefined, {}, ONE_IMAGE, true, result + 4).command,
  ];
}

function transformed(
  { heap, instructions }: Engine,
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
  when: number,
): Command {
  const layout = winogradLayout(spec, input, output);
  const { phases, rows, packedBytes, placeOfRow, pointBytes, rowBytes, groups } = layout;
  const { entries, nonzeros } = packTransformed(heap, spec, layout);
  const fours = output.width / NEIGHBORS;
  const places = Array.from({ length: output.height * fours }, (_, four) => {
    const tile = Math.floor((four * NEIGHBORS) / output.lanes);
    return tile * output.tileStride + (four * NEIGHBORS - tile * output.lanes) * 4;
  });
  const thinned = rows * packedBytes * input.channels;
  const points = thinned + 4 * (fours + 4) * 4;
  const products = points + input.channels * phases.length * POINTS * pointBytes;
  const record = writeWords(heap, [
    when,
    output.lanes,
    activationWord(heap, spec.activation),
    writeGroups(heap, groups),
    input.address,
    input.channels,
    rows,
    packedBytes,
    phases.length,
    writeWords(
      heap,
      phases.map(({ start }) => start),
    ),
    spec.strides[1] * 4,
    writeWords(heap, placeOfRow),
    pointBytes,
    fours,
    GROUP_ROWS,
    output.channels / 4,
    entries,
    nonzeros,
    writeFloats(heap, spec.bias ?? new Float32Array(output.channels)),
    output.address,
    writeWords(heap, places),
    thinned,
    points,
    products,
    Number(instructions === 'relaxed-simd-256'),
  ]);
  return { kernel: 'winograd', record, items: groups.length, scratch: products + POINTS * 4 * rowBytes };
}
