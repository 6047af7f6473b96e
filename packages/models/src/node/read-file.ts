import { withModelFile } from './byte-source.js';

/** All bytes of a file of a model. */
export async function readModelFile(path: string): Promise<Buffer> {
  return withModelFile(path, source => source.read(0, source.length));
}
