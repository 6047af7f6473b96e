import { EspalierError } from '@espalier/core';
import fc from 'fast-check';

/** Fails if reading a file of which up to four bytes were changed throws anything but our own errors. */
export async function readDamaged(whole: Buffer, read: (damaged: Buffer) => Promise<unknown>): Promise<void> {
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(changes, async bytes => {
      const damaged = Buffer.from(whole);
      for (const [index, value] of bytes) damaged[index] = value;
      await read(damaged).catch(error => {
        if (!EspalierError.isInstance(error)) throw error;
      });
    }),
    { numRuns: 300 },
  );
}
