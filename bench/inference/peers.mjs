import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Where `peers.sh` installs by default. */
export const defaultPeers = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'espalier-peers');

/** The interpreter with DeepSparse that `peers.sh` makes. */
export const deepsparseIn = folder => join(folder, 'deepsparse', 'bin', 'python');

/** Loads packages from the folder that `peers.sh` filled; nothing of it is a dependency of the repository. */
export function peersIn(folder) {
  const require = createRequire(join(folder, 'package.json'));
  const path = name => require.resolve(name);
  return {
    path,
    load: name => require(name),
    /** What {@link onnxModel} needs. */
    writer: async () => ({
      onnx: await import(pathToFileURL(path('onnx-buf')).href),
      // The same copy that onnx-buf imports: the ES modules.
      protobuf: await import(pathToFileURL(path('@bufbuild/protobuf').replace('/cjs/', '/esm/')).href),
    }),
  };
}
