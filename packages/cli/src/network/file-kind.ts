import { open, stat } from 'node:fs/promises';
import { FileAccessError } from '@espalier/core/node';

/** What a file of a network is, by its first bytes; a module is told by its name, since it is text. */
export type FileKind = 'keras' | 'layers-model' | 'module' | 'onnx' | 'checkpoint';

const looked = 4096;
const hdf5 = '\x89HDF\r\n\x1a\n';

/**
 * True for how an ONNX file begins: its version, up to 31, then the tag of a text or a message. A checkpoint, which may
 * begin so with the length of its header, has a brace behind that.
 */
function beginsAsOnnx(text: string): boolean {
  const [field, version, tag] = [0, 1, 2].map(at => text.charCodeAt(at));
  const tags = [0x12, 0x1a, 0x22, 0x32, 0x3a, 0x42];
  return field === 0x08 && (version ?? 0) >= 1 && (version ?? 0) <= 31 && tags.includes(tag ?? 0) && text[8] !== '{';
}

/** Names of JavaScript modules, and of TypeScript where Node runs it. */
const moduleName = /\.[cm]?[jt]s$/i;

/**
 * Tells the kind of a file. Everything that is nothing else counts as a checkpoint, whose reader says what is wrong
 * with it.
 *
 * @throws {@link FileAccessError} if there is no such file, or it cannot be read.
 */
export async function fileKind(path: string): Promise<FileKind> {
  const text = await firstBytes(path);
  const others = /data\.pkl|^.{30}[^\0]*\.npy/s; // PyTorch's and NumPy's
  const zip = text.startsWith('PK\x03\x04') && !others.test(text);
  if (zip || text.startsWith(hdf5) || text.slice(512, 520) === hdf5) return 'keras';
  if (moduleName.test(path)) return 'module';
  if (/^(?:\xef\xbb\xbf)?\s*\{/.test(text)) return 'layers-model';
  return /\.onnx$/i.test(path) || beginsAsOnnx(text) ? 'onnx' : 'checkpoint';
}

/** One character a byte. */
async function firstBytes(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) return ''; // opening a pipe waits for its writer
    const file = await open(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(looked), 0, looked, 0);
      return buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new FileAccessError(path, 'read', error);
  }
}
