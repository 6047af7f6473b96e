import { channelsFirst } from '../layout.mjs';
import { peersIn } from '../peers.mjs';
import { onnxModel } from './onnx-model.mjs';

/** ONNX Runtime's native CPU provider with all graph optimizations. */
export async function openOnnxruntime(graph, images, { threads, batch, peers }) {
  const folder = peersIn(peers);
  const { InferenceSession, Tensor } = folder.load('onnxruntime-node');
  const session = await InferenceSession.create(onnxModel(graph, await folder.writer(), batch), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const [height, width, channels] = graph.input.shape;
  const input = new Tensor('float32', channelsFirst(images, graph.input.shape), [batch, channels, height, width]);
  return {
    engine: 'onnxruntime-node',
    details: { version: folder.load('onnxruntime-node/package.json').version },
    run: async () => (await session.run({ [graph.input.name]: input }))[graph.output].data,
    close: () => session.release(),
  };
}
