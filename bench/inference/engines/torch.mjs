import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPeer } from '../../peer.mjs';
import { channelsFirst, outputsFirst, transpose } from '../layout.mjs';

/** PyTorch in a child process: the fastest of eager and frozen (oneDNN) in NCHW and channels_last. */
export async function openTorch(graph, images, { threads, batch, python }) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-torch-'));
  const program = fileURLToPath(new URL('../torch_peer.py', import.meta.url));
  const { ask, end } = startPeer('torch', python, [program, String(threads)], threads);
  const paths = { weights: join(folder, 'weights.bin'), images: join(folder, 'images.bin') };
  writeFileSync(paths.images, channelsFirst(images, graph.input.shape));
  const [height, width, channels] = graph.input.shape;
  const description = writeGraph(graph, paths.weights);
  const loaded = await ask({ do: 'load', graph: description, ...paths, shape: [batch, channels, height, width] });
  rmSync(folder, { recursive: true });
  const { logits, version, best, tried } = loaded;
  return {
    engine: 'torch',
    details: { version, best, tried },
    run: () => Float32Array.from(logits),
    /** Times itself, so that the pipe is not part of it. */
    time: async repetitions => (await ask({ do: 'time', repetitions })).milliseconds,
    close: end,
  };
}

/** Writes kernels and biases one after the other in PyTorch's order and describes where they lie. */
function writeGraph(graph, path) {
  const file = openSync(path, 'w');
  let floats = 0;
  const put = (values, shape) => {
    writeSync(file, values);
    const begin = floats;
    floats += values.length;
    return { begin, shape };
  };
  const nodes = graph.nodes.map(node => {
    const { kind, name, inputs, activation, strides, size, groups, kernel, kernelShape, bias, shape } = node;
    const { top, bottom, left, right } = node.padding ?? {};
    const plain = { kind, name, inputs, activation, strides, size, groups, padding: [top, bottom, left, right] };
    if (kind === 'convolution') {
      const [height, width, channels, filters] = kernelShape;
      const weights = put(outputsFirst(kernel, kernelShape), [filters, channels, height, width]);
      return { ...plain, kernel: weights, bias: put(bias, [filters]) };
    }
    if (kind !== 'dense') return plain;
    const features = kernel.length / shape[0];
    const weights = put(transpose(kernel, features, shape[0]), [shape[0], features]);
    return { ...plain, kernel: weights, bias: put(bias, shape) };
  });
  closeSync(file);
  return { input: graph.input.name, output: graph.output, nodes, floats };
}
