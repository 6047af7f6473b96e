import { expect, it } from 'vitest';
import { readImageHeader } from './image-header.js';

it.each([
  ['BMP', 'BM6\0\0\0\0\0\0\0'],
  ['HEIC', '\0\0\0\x18ftypheic'],
  ['JPEG XL', '\xff\x0a'],
  ['JPEG XL', '\0\0\0\x0cJXL \x0d\x0a'],
  ['JPEG 2000', '\0\0\0\x0cjP  \x0d\x0a'],
])('%s is named as what cannot be read', async (name, start) => {
  const bytes = Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(64)]);
  await expect(readImageHeader(bytes, 'photo', 1e6)).rejects.toMatchObject({
    code: 'MALFORMED_DATA',
    message: expect.stringContaining(`an image of ${name}, which is not read; save it as one of JPEG, PNG`),
  });
});
