import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** The `metadata_props` of a file, read field by field: `ModelProto` has them as field 14, of key (1) and value (2). */
export function metadataIn(bytes: Uint8Array): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of fieldsOf(bytes, 14)) {
    const [key, value] = [1, 2].map(field => new TextDecoder().decode(fieldsOf(entry, field)[0]));
    found[key as string] = value as string;
  }
  return found;
}

/** Contents of all fields of a number that hold bytes. */
export function fieldsOf(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (field === wanted && type === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(type, field);
  }
  return found;
}
