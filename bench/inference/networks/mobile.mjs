/** Networks for phones: depthwise and pointwise convolutions. */
import { GraphBuilder } from './graph-builder.mjs';

/** TensorFlow's `same` where the stride divides the sides. */
function same(size, stride) {
  const before = Math.floor((size - stride) / 2);
  const after = size - stride - before;
  return { top: before, bottom: after, left: before, right: after };
}

const spatial = (size, stride) => ({ size, stride, padding: same(size, stride), activation: 'relu6' });

const mobileBlocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  ...Array.from({ length: 5 }, () => [512, 1]),
  [1024, 2],
  [1024, 1],
];

/** MobileNetV1. */
export function mobilenet() {
  const graph = new GraphBuilder([224, 224, 3]);
  let x = graph.convolution('conv1', 'image', { filters: 32, ...spatial(3, 2) });
  mobileBlocks.forEach(([filters, stride], i) => {
    x = graph.convolution(`conv_dw_${i + 1}`, x, { depthwise: true, ...spatial(3, stride) });
    x = graph.convolution(`conv_pw_${i + 1}`, x, { filters, size: 1, activation: 'relu6' });
  });
  return graph.finish(graph.dense('logits', graph.globalAverage('avgpool', x), 1000));
}

/** Blocks, side of the depthwise kernels, stride of the first block, expansion, output channels. */
const efficientStages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
];

/** EfficientNet-Lite0. */
export function efficientnetLite0() {
  const graph = new GraphBuilder([224, 224, 3]);
  let x = graph.convolution('conv_stem', 'image', { filters: 32, ...spatial(3, 2) });
  efficientStages.forEach(([blocks, size, firstStride, expansion, filters], stage) => {
    for (let block = 0; block < blocks; block++) {
      const name = `blocks_${stage}_${block}`;
      const channels = graph.shape(x)[2];
      const stride = block === 0 ? firstStride : 1;
      const wide = { filters: expansion * channels, size: 1, activation: 'relu6' };
      let y = expansion > 1 ? graph.convolution(`${name}_conv_pw`, x, wide) : x;
      y = graph.convolution(`${name}_conv_dw`, y, { depthwise: true, ...spatial(size, stride) });
      y = graph.convolution(`${name}_${expansion > 1 ? 'conv_pwl' : 'conv_pw'}`, y, { filters, size: 1 });
      x = stride === 1 && filters === channels ? graph.add(`${name}_add`, [x, y], 'linear') : y;
    }
  });
  x = graph.convolution('conv_head', x, { filters: 1280, size: 1, activation: 'relu6' });
  return graph.finish(graph.dense('classifier', graph.globalAverage('global_pool', x), 1000));
}
