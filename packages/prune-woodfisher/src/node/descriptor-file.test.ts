import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { descriptorFile } from './descriptor-file.js';

let folder: string;
let descriptor: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'espalier-descriptor-'));
  descriptor = openSync(join(folder, 'file'), 'w+');
});
afterEach(() => {
  closeSync(descriptor);
  rmSync(folder, { recursive: true });
});

const numbers = Float64Array.from({ length: 40 }, (_, i) => i + 1);

describe('the file of a descriptor', () => {
  it.each([1, 7, 64, undefined])('gives back what was written there, %s bytes at a time', most => {
    const file = descriptorFile(descriptor, most);
    file.write(numbers, 24);
    file.write(Float32Array.of(-1, -2), 24 + 8 * 40);
    const into = new Float64Array(42);
    file.read(into.subarray(1, 41), 24);
    expect([...into]).toEqual([0, ...numbers, 0]);
    const end = new Float32Array(2);
    file.read(end, 24 + 8 * 40);
    expect([...end]).toEqual([-1, -2]);
  });

  it('says that the file ends too early', () => {
    const file = descriptorFile(descriptor);
    file.write(numbers, 0);
    expect(() => file.read(new Float64Array(41), 0)).toThrow('ends too early');
  });

  it.runIf(process.platform === 'linux')('takes arrays of more than 2 GiB, whose length Node refuses', () => {
    const sink = openSync('/dev/null', 'r+'); // never looks at the bytes, so they take no memory
    const large = new Float64Array(2 ** 28 + 8);
    expect(() => descriptorFile(sink, Number.POSITIVE_INFINITY).write(large, 0)).toThrow(/out of range/);
    expect(() => descriptorFile(sink).write(large, 0)).not.toThrow();
    closeSync(sink);
  });
});
