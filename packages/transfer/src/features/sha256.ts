/** SHA-256 of the SHA-256s of texts and bytes, as 64 hexadecimal digits. */
export async function sha256(...parts: readonly (string | ArrayBufferView)[]): Promise<string> {
  const digests = await Promise.all(
    parts.map(part => crypto.subtle.digest('SHA-256', typeof part === 'string' ? utf8.encode(part) : bytesOf(part))),
  );
  const joined = new Uint8Array(32 * digests.length);
  digests.forEach((digest, index) => {
    joined.set(new Uint8Array(digest), 32 * index);
  });
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}

const utf8 = new TextEncoder();

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer);
}
