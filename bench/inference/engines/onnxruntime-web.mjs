import { channelsFirst } from '../layout.mjs';

/** ONNX Runtime on WebAssembly in a page. The server turns a description of the network into a model. */
export async function openOnnxruntimeWeb(graph, images, { threads, batch, network }) {
  const ort = await import('/peers/onnxruntime-web/dist/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = threads;
  ort.env.wasm.wasmPaths = '/peers/onnxruntime-web/dist/';
  const address = `/model.onnx?network=${network}&batch=${batch}`;
  const bytes = new Uint8Array(await (await fetch(address)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'all',
  });
  const [height, width, channels] = graph.input.shape;
  const input = new ort.Tensor('float32', channelsFirst(images, graph.input.shape), [batch, channels, height, width]);
  return {
    engine: 'onnxruntime-web',
    details: { version: ort.env.versions.web },
    run: async () => (await session.run({ [graph.input.name]: input }))[graph.output].data,
    close: () => session.release(),
  };
}
