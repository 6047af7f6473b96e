import type { Command, Engine, NativeEngine, TileTensor } from '../../engine/engine.js';
import { tensorBytes, tileCount } from '../../engine/tensor.js';
import { activationWord } from '../activation-codes.js';
import { type ConvolutionSpec, windowOf } from '../convolution/spec.js';
import { CHANNEL_BLOCK, NEAR_BYTES, vectorFloats } from '../native.js';
import { PLACE_WORDS, placesUnder, writeLists } from '../window/places.js';
import { RUN_WORDS } from '../window/runs.js';
import { writeFloats, writeWords } from '../write-record.js';
import { phasesUnder } from './phases.js';

/**
 * A depthwise convolution by the native kernel for them: `output = activation(convolution(input) + bias)`. Weights of
 * zero take part, unlike elsewhere. Input and output must not overlap.
 */
export function depthwise(
  { heap }: Engine,
  native: NativeEngine,
  spec: ConvolutionSpec,
  input: TileTensor,
  output: TileTensor,
): Command {
  const vector = vectorFloats(native);
  const [height, width] = spec.kernelShape;
  const blocks = Math.ceil(output.channels / CHANNEL_BLOCK);
  const bias = new Float32Array(blocks * CHANNEL_BLOCK);
  bias.set(spec.bias ?? []);
  const window = windowOf(spec);
  const phases = spec.strides[1] > 1 ? phasesUnder(window, input, output, vector) : undefined;
  const places = phases?.places ?? placesUnder(window, input, output, vector);
  const ahead = spec.strides.every(stride => stride === 1) && tensorBytes(input, input.lanes) > NEAR_BYTES;
  const record = writeWords(heap, [
    output.lanes,
    blocks,
    output.channels,
    output.height * output.width,
    writeLists(heap, places, PLACE_WORDS),
    writeFloats(heap, blockWeights(spec, blocks)),
    height * width,
    writeFloats(heap, bias),
    input.address,
    ahead ? input.tileStride : 0,
    phases?.bytes ?? 0,
    phases === undefined ? 0 : writeLists(heap, phases.vectors, RUN_WORDS),
    output.address,
    output.tileStride,
    activationWord(heap, spec.activation),
  ]);
  const scratch = (phases?.bytes ?? 0) * CHANNEL_BLOCK;
  return { kernel: 'depthwise', record, items: tileCount(output) * blocks, scratch };
}

/** Block by block and tap by tap the weights of its channels, zeros beyond the last one. */
function blockWeights({ kernel, kernelShape }: ConvolutionSpec, blocks: number): Float32Array {
  const [height, width, , channels] = kernelShape;
  const taps = height * width;
  const weights = new Float32Array(blocks * taps * CHANNEL_BLOCK);
  for (let tap = 0; tap < taps; tap++) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (Math.floor(channel / CHANNEL_BLOCK) * taps + tap) * CHANNEL_BLOCK + (channel % CHANNEL_BLOCK);
      weights[at] = kernel[tap * channels + channel] as number;
    }
  }
  return weights;
}
