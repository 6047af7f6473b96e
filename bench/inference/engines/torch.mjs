import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { channelsFirst, outputsFirst, transpose } from '../layout.mjs';

/** PyTorch in a child process: the fastest of eager and frozen (oneDNN) in NCHW and channels_last. */
export async function openTorch(graph, image, { threads, python }) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-torch-'));
  const ask = startTorch(python, threads);
  const paths = { weights: join(folder, 'weights.bin'), image: join(folder, 'image.bin') };
  writeFileSync(paths.image, channelsFirst(image, graph.input.shape));
  const [height, width, channels] = graph.input.shape;
  const description = writeGraph(graph, paths.weights);
  const loaded = await ask({ do: 'load', graph: description, ...paths, imageShape: [channels, height, width] });
  rmSync(folder, { recursive: true });
  const { logits, version, best, tried } = loaded;
  return {
    engine: 'torch',
    details: { version, best, tried },
    run: () => Float32Array.from(logits),
    /** Times itself, so that the pipe is not part of it. */
    time: async repetitions => (await ask({ do: 'time', repetitions })).milliseconds,
    close: () => ask.end(),
  };
}

function startTorch(python, threads) {
  const child = spawn(python, [fileURLToPath(new URL('../torch_peer.py', import.meta.url)), String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      OMP_NUM_THREADS: String(threads),
      MKL_NUM_THREADS: String(threads),
      CUDA_VISIBLE_DEVICES: '',
    },
  });
  const failed = new Promise((_, reject) =>
    child.on('error', error => reject(new Error(`${python}: ${error.message}`))),
  );
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async request => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done) throw new Error(`${python} ended without an answer; its messages are above.`);
    return JSON.parse(value);
  };
  ask.end = () => child.stdin.end();
  return ask;
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
