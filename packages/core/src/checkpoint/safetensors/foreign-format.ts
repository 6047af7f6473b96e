import { requireBytes } from '../check-bytes.js';

/** What a file of another kind starts with, what it is, and what to do with it. */
interface Signature {
  readonly is: string;
  readonly remedy: string;
  readonly plainText?: true;
  readonly matches: (file: Uint8Array, text: string) => boolean;
}

/** Bytes at a place; a text stands for its ASCII codes. */
const at =
  (offset: number, ...bytes: readonly (number | string)[]): Signature['matches'] =>
  file =>
    bytes
      .flatMap(byte => (typeof byte === 'number' ? [byte] : [...byte].map(letter => letter.charCodeAt(0))))
      .every((byte, i) => file[offset + i] === byte);

const some =
  (...tests: readonly Signature['matches'][]): Signature['matches'] =>
  (file, text) =>
    tests.some(matches => matches(file, text));

const torch =
  'Load it in Python and save the state dict with safetensors.torch.save_file, which loadTorchWeights reads; or export the whole network with torch.onnx.export.';
const keras = 'readKerasWeights of @espalier/models/node reads it.';
const unpack = 'Unpack it and give the file in it.';
const image = 'Images are data to train on, not weights: see @espalier/datasets.';
const otherWeights = 'Convert it to safetensors with the tools of its own library.';

/** Certain signatures first, those of few bytes last. */
const signatures: readonly Signature[] = [
  { is: 'an HDF5 file, such as Keras writes as .h5', remedy: keras, matches: at(0, 0x89, 'HDF\r\n', 0x1a, '\n') },
  {
    is: 'a Git LFS pointer, which stands for a file that was not downloaded',
    remedy: 'Fetch the file itself with "git lfs pull".',
    matches: at(0, 'version https://git-lfs'),
  },
  {
    is: 'a web page, most likely an error message that was saved as the file',
    remedy: 'Download it again, and look at what the address answers.',
    matches: (_, text) => /^\s*<(!doctype html|html|\?xml|head)/i.test(text),
  },
  {
    is: 'a model.json of TensorFlow.js',
    remedy: 'readLayersModel of @espalier/models/node reads it together with its weight files.',
    matches: (_, text) => /^\s*\{/.test(text) && /"(modelTopology|weightsManifest)"/.test(text),
  },
  {
    is: 'a file of JSON text',
    remedy:
      'Give the file that holds the weights; readLayersModel of @espalier/models/node reads a model.json of TensorFlow.js.',
    matches: (_, text) =>
      /^\s*[{[]\s*(["{[\]}]|-?\d|true|false|null)/.test(text) && /^[\s!-~]*$/.test(text.slice(0, 8)),
  },
  {
    is: 'a zip archive with a Keras model (.keras)',
    remedy: keras,
    matches: (file, text) =>
      at(0, 'PK', 3, 4)(file, text) && /^.{30}(metadata\.json|config\.json|model\.weights\.h5)/s.test(text),
  },
  {
    is: 'a zip archive with a PyTorch model (.pt, .pth)',
    remedy: torch,
    matches: (file, text) => at(0, 'PK', 3, 4)(file, text) && /data\.pkl/.test(text),
  },
  {
    is: 'a NumPy archive (.npz)',
    remedy: 'Save its arrays with safetensors.numpy.save_file instead.',
    matches: (file, text) => at(0, 'PK', 3, 4)(file, text) && /^.{30}[^\0]*\.npy/s.test(text),
  },
  {
    is: 'a zip archive, such as .keras, .pt and .npz files are',
    remedy: `Of Keras: ${keras} Of PyTorch: ${torch}`,
    matches: some(at(0, 'PK', 3, 4), at(0, 'PK', 5, 6)),
  },
  { is: 'a PyTorch tar or pickle of an old version', remedy: torch, matches: at(0, 0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc) },
  { is: 'a tar archive', remedy: unpack, matches: at(257, 'ustar') },
  { is: 'a gzip archive', remedy: unpack, matches: at(0, 0x1f, 0x8b) },
  { is: 'a zstd archive', remedy: unpack, matches: at(0, 0x28, 0xb5, 0x2f, 0xfd) },
  { is: 'an xz archive', remedy: unpack, matches: at(0, 0xfd, '7zXZ') },
  { is: 'a bzip2 archive', remedy: unpack, matches: at(0, 'BZh') },
  { is: 'a 7z archive', remedy: unpack, matches: at(0, '7z', 0xbc, 0xaf) },
  { is: 'a RAR archive', remedy: unpack, matches: at(0, 'Rar!') },
  { is: 'a PNG image', remedy: image, matches: at(0, 0x89, 'PNG') },
  { is: 'a JPEG image', remedy: image, matches: at(0, 0xff, 0xd8, 0xff) },
  { is: 'a GIF image', remedy: image, matches: at(0, 'GIF8') },
  { is: 'a PDF document', remedy: 'Give the file that holds the weights.', matches: at(0, '%PDF') },
  { is: 'a GGUF file of llama.cpp', remedy: otherWeights, matches: at(0, 'GGUF') },
  { is: 'a TensorFlow Lite model', remedy: otherWeights, matches: at(4, 'TFL3') },
  {
    is: 'a NumPy array',
    remedy: 'Save it with safetensors.numpy.save_file instead.',
    matches: at(0, 0x93, 'NUMPY'),
  },
  { is: 'a MATLAB file', remedy: otherWeights, matches: at(0, 'MATLAB ') },
  { is: 'a WebAssembly module', remedy: 'Give the file that holds the weights.', matches: at(0, 0, 'asm') },
  {
    is: 'a Python pickle, such as PyTorch writes as .pt and .pth',
    remedy: torch,
    matches: file => file[0] === 0x80 && file[1]! >= 2 && file[1]! <= 5 && file[2] !== 0,
  },
  {
    is: 'the saved_model.pb of a SavedModel of TensorFlow',
    remedy:
      'Load the folder with Keras and save the model as .h5, which readKerasWeights of @espalier/models/node reads, or convert it with tensorflowjs_converter.',
    matches: isSavedModel,
  },
  {
    is: 'an ONNX model',
    remedy: 'Save the weights from the framework that it comes from, as safetensors.',
    matches: file => file[0] === 8 && file[1]! > 0 && file[1]! < 32 && file[2] === 0x12 && file[3]! > 0,
  },
  {
    is: 'a file of plain text',
    plainText: true,
    remedy: 'Give the file that holds the weights.',
    matches: some(at(0, 0xff, 0xfe), at(0, 0xfe, 0xff), isPlainText),
  },
];

/** UTF-8 without the characters that no text has. */
function isPlainText(file: Uint8Array): boolean {
  try {
    // As a stream, since the last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(0, textBytes), { stream: true });
    return text !== '' && !/[^\s\P{Cc}]/u.test(text);
  } catch {
    return false;
  }
}

/**
 * Both begin with field 1, a version, and field 2 of protocol buffers: of an ONNX model that is the name of a program,
 * of a SavedModel a message, whose first byte is a tag of its own.
 */
function isSavedModel(file: Uint8Array): boolean {
  const length = file.subarray(3, 13);
  const message = 4 + length.findIndex(byte => byte < 0x80);
  return file[0] === 8 && file[1] === 1 && file[2] === 0x12 && message > 3 && file[message] === 0x0a;
}

/** How much of a file is looked at as text. */
const textBytes = 4096;

/** What a file is that a reader does not read. */
export interface ForeignFormat {
  /** Two sentences: what the file is, and what to do with it. */
  readonly message: string;
  /** Whether all that is known of it is that it is text. */
  readonly plainText: boolean;
}

/**
 * What a file is that is not a safetensors file, and what reads it; `undefined` if its first bytes say nothing.
 *
 * To be asked only about files that proved not to be safetensors: their first eight bytes may be any number.
 *
 * @param file - The file, or its first few thousand bytes.
 * @returns What it is and the remedy, or `undefined`.
 * @throws {@link InvalidOptionError} if `file` is no view of bytes.
 *
 * @example
 * ```ts
 * import { foreignFormat } from '@espalier/core';
 *
 * foreignFormat(Uint8Array.of(0x1f, 0x8b))?.message; // It is a gzip archive. Unpack it and give the file in it.
 * ```
 */
export function foreignFormat(file: Uint8Array): ForeignFormat | undefined {
  requireBytes('file', file);
  const text = new TextDecoder('latin1').decode(file.subarray(0, textBytes)).replace(/^\u00ef\u00bb\u00bf/, '');
  const found = signatures.find(({ matches }) => matches(file, text));
  return found && { message: `It is ${found.is}. ${found.remedy}`, plainText: found.plainText ?? false };
}
