import { describe, expect, it } from 'vitest';
import { describeRuntime, hasNodeModules } from './runtime.js';

const node = { versions: { node: '22.1.0' }, platform: 'linux', arch: 'x64', getBuiltinModule: () => ({}) };

describe('describeRuntime', () => {
  it('names Node with version and platform', () => {
    expect(describeRuntime({ process: node })).toEqual({ kind: 'node', version: '22.1.0', platform: 'linux x64' });
  });

  it('tells Deno and Bun from Node although both have a process', () => {
    expect(describeRuntime({ process: node, Deno: { version: { deno: '2.5.0' } } }).kind).toBe('deno');
    expect(describeRuntime({ process: node, Bun: { version: '1.3.0' } }).kind).toBe('bun');
  });

  it('takes anything without a process for a browser', () => {
    const browser = { kind: 'browser', version: 'Firefox/145.0', platform: '' };
    expect(describeRuntime({ navigator: { userAgent: 'Firefox/145.0' } })).toEqual(browser);
  });
});

describe('hasNodeModules', () => {
  it('is false in a browser whose bundler defines a bare process object', () => {
    expect(hasNodeModules({ process: {} })).toBe(false);
    expect(hasNodeModules({ process: node })).toBe(true);
  });
});
