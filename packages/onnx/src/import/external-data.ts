import { OnnxFileError } from '../errors.js';
import type { ParsedTensor } from '../format/reading/parsed.js';
import { heldStretch, type Stretch } from '../format/reading/stretch.js';
import { byteLengthOf } from '../format/reading/tensor-values.js';

/** Gives the bytes of another file that a network keeps weights in, by the path that the file says. */
export type ExternalData = (location: string) => Uint8Array | Promise<Uint8Array>;

const refused = (reason: string): OnnxFileError => new OnnxFileError('ONNX_EXTERNAL_DATA', reason);

/** The same, for files of which parts are read. */
export type ExternalStretch = (location: string) => Stretch | Promise<Stretch>;

/** Files as {@link ExternalData} gives them. */
export function heldFiles(read: ExternalData): ExternalStretch {
  return async location => {
    const file = await read(location);
    if (file instanceof Uint8Array) return heldStretch(file);
    throw refused(`externalData gave no bytes for "${location}".`);
  };
}

/** The bytes of all tensors that are in other files, each file asked for once. */
export async function externalBytes(
  tensors: readonly ParsedTensor[],
  read: ExternalStretch | undefined,
): Promise<ReadonlyMap<ParsedTensor, Stretch>> {
  const files = new Map<string, Stretch>();
  const found = new Map<ParsedTensor, Stretch>();
  for (const tensor of tensors) {
    if (!tensor.external) continue;
    const location = tensor.external.get('location') ?? '';
    if (!read)
      throw refused(
        `Its tensor "${tensor.name}" is in the file "${location}". Read it with readOnnxFile, or give externalData.`,
      );
    const file = files.get(location) ?? (await read(location));
    files.set(location, file);
    const offset = Number(tensor.external.get('offset') ?? 0);
    const length = Number(tensor.external.get('length') ?? file.length - offset);
    const wanted = byteLengthOf(tensor);
    const isInside = Number.isSafeInteger(offset) && offset >= 0 && length === wanted && offset + length <= file.length;
    if (!isInside)
      throw refused(
        `The ${wanted} bytes of "${tensor.name}" are not at ${offset} of "${location}", which has ${file.length}.`,
      );
    found.set(tensor, file.part(offset, offset + length));
  }
  return found;
}
