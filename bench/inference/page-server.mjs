import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onnxModel } from './engines/onnx-model.mjs';
import { randomNetwork } from './networks/weights.mjs';
import { peersIn } from './peers.mjs';

const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.wasm': 'application/wasm' };

const page = `<!doctype html>
<link rel="icon" href="data:,">
<script type="importmap">
{ "imports": { "@espalier/core": "/packages/core/dist/index.js", "@espalier/runtime": "/packages/runtime/dist/index.js" } }
</script>
<script src="/tfjs-core/dist/tf-core.min.js"></script>
<script src="/tfjs-backend-cpu/dist/tf-backend-cpu.min.js"></script>
<script src="/tfjs-backend-wasm/dist/tf-backend-wasm.min.js"></script>
<script type="module" src="/bench/inference/page.mjs"></script>`;

/** Serves the page, isolated (COOP and COEP), with everything that it loads, on a free port of this machine. */
export async function servePage(peers) {
  const require = createRequire(import.meta.url);
  const folderOf = name => dirname(require.resolve(`@tensorflow/${name}/package.json`));
  const tfjs = ['tfjs-core', 'tfjs-backend-cpu', 'tfjs-backend-wasm'].map(name => [`/${name}/`, folderOf(name)]);
  const repository = fileURLToPath(new URL('../../', import.meta.url));
  const roots = [...tfjs, ['/peers/', join(peers, 'node_modules')], ['/', repository]];
  const content = async url => {
    const path = normalize(url.pathname);
    if (path === '/') return [page, 'text/html'];
    if (path === '/model.onnx') {
      const { network, batch } = Object.fromEntries(url.searchParams);
      const model = onnxModel(randomNetwork(network, 0), await peersIn(peers).writer(), Number(batch));
      return [model, 'application/octet-stream'];
    }
    const [prefix, root] = roots.find(([each]) => path.startsWith(each));
    return [await readFile(join(root, path.slice(prefix.length))), types[extname(path)] ?? 'application/octet-stream'];
  };
  const server = createServer(async (request, response) => {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    try {
      const [body, type] = await content(new URL(request.url, 'http://localhost'));
      response.setHeader('Content-Type', type);
      response.end(body);
    } catch (error) {
      response.statusCode = error.code === 'ENOENT' ? 404 : 500;
      response.end(String(error));
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
