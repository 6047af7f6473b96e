// Reads the file that check.py wrote with Python's safetensors.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { decodeCheckpoint, readSafetensors, typedValues, writeSafetensors } from '../../packages/core/dist/index.js';

const check = (name, holds) => console.log(`${holds ? 'ok     ' : 'FAILED '} ${name}`);

const bytes = new Uint8Array(readFileSync(join(process.argv[2], 'python.safetensors')));
const { tensors, metadata } = readSafetensors(bytes);
const expected = {
  f32: [[2, 3], Float32Array.from([0, 1, 2, 3, 4, 5], index => (((index * 37) % 101) - 50) / 8)],
  f16: [[4], Float32Array.of(1.5, -0, 2 ** -24, Number.POSITIVE_INFINITY)],
  f64: [[1], Float64Array.of(0.1)],
  u8: [[1, 2], Uint8Array.of(0, 255)],
  i32: [[], Int32Array.of(-5)],
  i64: [[1], BigInt64Array.of(-(2n ** 62n))],
  bool: [[3], Uint8Array.of(1, 0, 1)],
  empty: [[0, 4], new Float32Array()],
  'größe/重み': [[1], Float32Array.of(7)],
};
for (const [name, [shape, values]] of Object.entries(expected)) {
  const tensor = tensors.get(name);
  check(
    `Python's ${name} read by core`,
    isDeepStrictEqual(tensor?.shape, shape) && isDeepStrictEqual(typedValues(tensor), values),
  );
}
check("Python's file holds nothing else", tensors.size === Object.keys(expected).length);
check("Python's metadata read by core", metadata.get('note') === 'weiß "quoted"');
check(
  'core writes the same tensors to the same bytes as Python',
  Buffer.compare(writeSafetensors(tensors, metadata), bytes) === 0,
);
let message = '';
try {
  decodeCheckpoint(bytes);
} catch (error) {
  message = error.message;
}
check("core says that Python's file is no checkpoint", message.includes("not one of Espalier's checkpoints"));
