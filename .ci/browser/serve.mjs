import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };
const page = name =>
  `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/${name}.js"></script>`;

/**
 * Serves a folder on a free port of this machine, and `/<name>.html` with `/<name>.js` in it. With `isolated` every
 * answer has the headers that make a page cross-origin isolated.
 */
export async function serve(folder, isolated) {
  const server = createServer(async (request, response) => {
    if (isolated) {
      response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
      response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    }
    // What the README tells pages with a content security policy to allow must be enough.
    response.setHeader(
      'Content-Security-Policy',
      "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; img-src data:",
    );
    const path = normalize(new URL(request.url, 'http://localhost').pathname);
    response.setHeader('Content-Type', types[extname(path)] ?? 'application/octet-stream');
    try {
      response.end(extname(path) === '.html' ? page(path.slice(1, -5)) : await readFile(join(folder, path)));
    } catch (error) {
      response.statusCode = error.code === 'ENOENT' ? 404 : 500;
      response.end(String(error));
    }
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: name => `http://127.0.0.1:${server.address().port}/${name}.html`,
    close: () => server.close(),
  };
}
