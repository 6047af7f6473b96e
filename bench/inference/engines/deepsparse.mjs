import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPeer } from '../../peer.mjs';
import { channelsFirst } from '../layout.mjs';
import { peersIn } from '../peers.mjs';
import { onnxModel } from './onnx-model.mjs';

/** DeepSparse in a child process. It makes use of zeros, so it gets the sparse weights. */
export async function openDeepsparse(graph, images, { threads, batch, peers, deepsparse }) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-deepsparse-'));
  const program = fileURLToPath(new URL('../deepsparse_peer.py', import.meta.url));
  const { ask, end } = startPeer('deepsparse', deepsparse, [program, String(threads)], threads);
  try {
    const paths = { model: join(folder, 'network.onnx'), images: join(folder, 'images.bin') };
    writeFileSync(paths.model, onnxModel(graph, await peersIn(peers).writer(), batch));
    writeFileSync(paths.images, channelsFirst(images, graph.input.shape));
    const [height, width, channels] = graph.input.shape;
    const { logits, ...details } = await ask({ do: 'load', ...paths, shape: [batch, channels, height, width] });
    return {
      engine: 'deepsparse',
      details,
      run: () => Float32Array.from(logits),
      /** Times itself, so that the pipe is not part of it. */
      time: async repetitions => (await ask({ do: 'time', repetitions })).milliseconds,
      close: end,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
