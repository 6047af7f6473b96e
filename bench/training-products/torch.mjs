import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPeer } from '../peer.mjs';

/** PyTorch in a child process, with the products of one layer at a time. */
export function startTorch(python, threads) {
  const folder = mkdtempSync(join(tmpdir(), 'espalier-torch-'));
  const program = fileURLToPath(new URL('torch_peer.py', import.meta.url));
  const { ask, end } = startPeer('torch', python, [program, String(threads)], threads);
  const put = (name, values) => {
    const path = join(folder, name);
    writeFileSync(path, values);
    return path;
  };
  const get = path => {
    const bytes = readFileSync(path);
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  };
  return {
    /** Takes a layer and finds the fastest way to compute each of its products. */
    load: ({ outputs, inputs, image, size }, batch, { x, dy, bias }) =>
      ask({
        do: 'load',
        outputs,
        inputs,
        image,
        size,
        batch,
        x: put('x', x),
        dy: put('dy', dy),
        bias: put('bias', bias),
      }),
    /** What all products of a kernel are. */
    async results(kernel) {
      const paths = Object.fromEntries(['y', 'dx', 'dw'].map(name => [name, join(folder, name)]));
      await ask({ do: 'results', kernel: put('kernel', kernel), ...paths });
      return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, get(path)]));
    },
    /** Times itself, so that the pipe is not part of it. */
    time: async (product, repetitions) => (await ask({ do: 'time', product, repetitions })).milliseconds,
    close() {
      end();
      rmSync(folder, { recursive: true });
    },
  };
}
