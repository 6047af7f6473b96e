import fc from 'fast-check';

/** Names that file formats stumble over, and any other. */
export const arbitraryName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'a.mask',
    'a.mask.mask',
    'a.values',
    'a.raw',
    '__proto__',
    '__metadata__',
    '0:a',
    'conv/kernel',
    '"\\\n\0',
  ),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);

/** Any bits: NaN payloads, infinities, subnormal numbers and -0 among them. */
export const anyFloats = (size: number): fc.Arbitrary<Float32Array> =>
  fc
    .uint32Array({ minLength: size, maxLength: size })
    .map(bits => new Float32Array(bits.buffer.slice(bits.byteOffset, bits.byteOffset + bits.byteLength)));

/** The values with `fill` at every masked entry. */
export function withMasked(values: Float32Array, mask: Uint8Array | undefined, fill: number): Float32Array {
  const result = values.slice();
  mask?.forEach((bit, index) => {
    if (bit === 0) result.fill(fill, index, index + 1);
  });
  return result;
}
