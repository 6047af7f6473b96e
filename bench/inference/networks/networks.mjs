/**
 * The networks as graphs with batch normalization already folded away (every engine gets the same folded graph), and
 * what of them is pruned. Layers have the names of `@espalier/models`.
 */
import { GraphBuilder } from './graph-builder.mjs';
import { efficientnetLite0, mobilenet } from './mobile.mjs';

/**
 * `erkOnlyPrunable`: ERK spreads over what is prunable, too, instead of all convolutions.
 *
 * @type {Record<string, { build(): object, prunable(node): boolean, pruned: string, erkOnlyPrunable?: boolean }>}
 */
export const networks = {
  resnet50: {
    build: resnet50,
    /** As in the design's measurement: the stem stays dense, the classifier is pruned like everything else. */
    prunable: node => node.name !== 'conv1',
    pruned: 'all convolutions but the stem, and the classifier',
  },
  mobilenet: {
    build: mobilenet,
    prunable: node => node.name !== 'conv1' && !(node.groups > 1),
    pruned: 'the pointwise convolutions and the classifier; stem and depthwise convolutions stay dense',
  },
  'efficientnet-lite0': {
    build: efficientnetLite0,
    /** As in bench/real-networks. */
    prunable: node => node.kind === 'convolution' && node.groups === 1 && node.kernelShape[0] === 1,
    pruned: 'the pointwise convolutions; stem, depthwise convolutions and classifier stay dense',
    erkOnlyPrunable: true,
  },
  resnet20: {
    build: resnet20,
    prunable: node => node.name !== 'stem_conv' && !node.name.endsWith('_shortcut'),
    pruned: 'all convolutions but the stem, and the classifier',
  },
};

function resnet50() {
  const graph = new GraphBuilder([224, 224, 3]);
  let x = graph.convolution('conv1', 'image', { filters: 64, size: 7, stride: 2, activation: 'relu' });
  x = graph.pool('maxpool', x, { mode: 'max', size: 3, stride: 2, padding: 1 });
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const name = `layer${stage + 1}_${block}`;
      const stride = stage > 0 && block === 0 ? 2 : 1;
      let y = graph.convolution(`${name}_conv1`, x, { filters: width, size: 1, activation: 'relu' });
      y = graph.convolution(`${name}_conv2`, y, { filters: width, size: 3, stride, activation: 'relu' });
      y = graph.convolution(`${name}_conv3`, y, { filters: width * 4, size: 1 });
      if (block === 0) x = graph.convolution(`${name}_downsample_0`, x, { filters: width * 4, size: 1, stride });
      x = graph.add(`${name}_add`, [y, x], 'relu');
    }
  });
  return graph.finish(graph.dense('fc', graph.globalAverage('avgpool', x), 1000));
}

/**
 * CIFAR ResNet-20. Shortcuts of option A (every second pixel, zeros for new channels) are a 1x1 convolution of stride 2
 * with that fixed kernel, for every engine alike: 0.6 % more multiply-accumulates in the dense engines.
 */
function resnet20() {
  const graph = new GraphBuilder([32, 32, 3]);
  let x = graph.convolution('stem_conv', 'image', { filters: 16, size: 3, activation: 'relu' });
  for (let stage = 1; stage <= 3; stage++) {
    for (let block = 0; block < 3; block++) {
      const name = `stage${stage}_block${block}`;
      const stride = stage > 1 && block === 0 ? 2 : 1;
      const filters = 16 * 2 ** (stage - 1);
      let y = graph.convolution(`${name}_conv1`, x, { filters, size: 3, stride, activation: 'relu' });
      y = graph.convolution(`${name}_conv2`, y, { filters, size: 3 });
      if (stride > 1) x = graph.convolution(`${name}_shortcut`, x, { filters, size: 1, stride });
      x = graph.add(`${name}_add`, [y, x], 'relu');
    }
  }
  return graph.finish(graph.dense('logits', graph.globalAverage('pool', x), 10));
}
