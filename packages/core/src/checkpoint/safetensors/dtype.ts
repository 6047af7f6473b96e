/** Bits of one entry, in the enumeration order of the reference implementation, by which its writer sorts. */
const bits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** Element types of the safetensors format. */
export type SafetensorsDtype = keyof typeof bits;

const order = Object.keys(bits) as readonly SafetensorsDtype[];

export function isDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(bits, value);
}

/** Place in the enumeration. */
export function rankOf(dtype: SafetensorsDtype): number {
  return order.indexOf(dtype);
}

/** Bytes of `size` entries, or NaN if they do not fill whole bytes. */
export function bytesOf(dtype: SafetensorsDtype, size: number): number {
  const bytes = (size / 8) * bits[dtype];
  return Number.isSafeInteger(bytes) ? bytes : Number.NaN;
}
