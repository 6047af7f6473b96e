import type { Graph } from '../../src/graph/graph.js';
import { noise } from './compare.js';

/**
 * A 3x3 convolution from `inputs` to `channels` channels over a square image, its maximum by channel, and a dense
 * layer.
 */
export function toyGraph(side = 12, channels = 8, inputs = 3): Graph {
  const shape = [side, side, channels] as const;
  return {
    input: { name: 'image', shape: [side, side, inputs] },
    nodes: [
      {
        kind: 'convolution',
        name: 'conv',
        inputs: ['image'],
        shape,
        kernel: noise(9 * inputs * channels, 1),
        kernelShape: [3, 3, inputs, channels],
        strides: [1, 1],
        dilations: [1, 1],
        padding: { top: 1, bottom: 1, left: 1, right: 1 },
        groups: 1,
        activation: 'relu',
      },
      { kind: 'globalPool', mode: 'max', name: 'pool', inputs: ['conv'], shape: [channels] },
      {
        kind: 'dense',
        name: 'head',
        inputs: ['pool'],
        shape: [4],
        kernel: noise(4 * channels, 2),
        activation: 'linear',
      },
    ],
    output: 'head',
  };
}
