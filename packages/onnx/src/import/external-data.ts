import { OnnxFileError } from '../errors.js';
import type { ParsedTensor } from '../format/reading/parsed.js';
import { byteLengthOf } from '../format/reading/tensor-values.js';

/** Gives the bytes of another file that a network keeps weights in, by the path that the file says. */
export type ExternalData = (location: string) => Uint8Array | Promise<Uint8Array>;

const refused = (reason: string): OnnxFileError => new OnnxFileError('ONNX_EXTERNAL_DATA', reason);

/** The bytes of all tensors that are in other files, each file asked for once. */
export async function externalBytes(
  tensors: readonly ParsedTensor[],
  read: ExternalData | undefined,
): Promise<ReadonlyMap<ParsedTensor, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const found = new Map<ParsedTensor, Uint8Array>();
  for (const tensor of tensors) {
    if (!tensor.external) continue;
    const location = tensor.external.get('location') ?? '';
    if (!read)
      throw refused(
        `Its tensor "${tensor.name}" is in the file "${location}". Read it with readOnnxFile, or give externalData.`,
      );
    const file = files.get(location) ?? (await read(location));
    if (!(file instanceof Uint8Array)) throw refused(`externalData gave no bytes for "${location}".`);
    files.set(location, file);
    const offset = Number(tensor.external.get('offset') ?? 0);
    const length = Number(tensor.external.get('length') ?? file.length - offset);
    const wanted = byteLengthOf(tensor);
    const isInside = Number.isSafeInteger(offset) && offset >= 0 && length === wanted && offset + length <= file.length;
    if (!isInside)
      throw refused(
        `The ${wanted} bytes of "${tensor.name}" are not at ${offset} of "${location}", which has ${file.length}.`,
      );
    found.set(tensor, file.subarray(offset, offset + length));
  }
  return found;
}
