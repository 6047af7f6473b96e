import { channelsFirst } from '../layout.mjs';

/** ONNX Runtime on WebAssembly in a page. The server turns a description of the network into a model. */
export async function openOnnxruntimeWeb(graph, image, { threads, network }) {
  const ort = await import('/peers/onnxruntime-web/dist/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = '/peers/onnxruntime-web/dist/';
  const bytes = new Uint8Array(await (await fetch(`/model.onnx?network=${network}`)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const [height, width, channels] = graph.input.shape;
  const input = new ort.Tensor('float32', channelsFirst(image, graph.input.shape), [1, channels, height, width]);
  return {
    engine: 'onnxruntime-web',
    details: { version: ort.env.versions.web },
    run: async () => (await session.run({ [graph.input.name]: input }))[graph.output].data,
    close: () => session.release(),
  };
}
