import { describe, expect, it } from 'vitest';
import { canShareMemory, defaultThreads } from './host.js';

const node = {
  process: {
    getBuiltinModule: (name: string) => (name === 'node:os' ? { availableParallelism: () => 6 } : { Worker: class {} }),
  },
} as unknown as NonNullable<Parameters<typeof defaultThreads>[0]>;

describe('the number of threads', () => {
  it('is that of the cores in Node', () => expect(defaultThreads(node)).toBe(6));
  it('is that of the cores on a page that is cross-origin isolated', () => {
    expect(defaultThreads({ crossOriginIsolated: true, navigator: { hardwareConcurrency: 8 } })).toBe(8);
  });
  it('is one on any other page, where memory cannot be shared', () => {
    expect(defaultThreads({ crossOriginIsolated: false, navigator: { hardwareConcurrency: 8 } })).toBe(1);
    expect(canShareMemory({ navigator: { hardwareConcurrency: 8 } })).toBe(false);
  });
});
