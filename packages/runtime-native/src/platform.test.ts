import { describe, expect, it, test } from 'vitest';
import { type Host, platformOf } from './platform.js';

const linux = (arch: string, header: object): Host => ({
  platform: 'linux',
  arch,
  report: { getReport: () => ({ header }) },
});

describe('the name of a platform', () => {
  test.each<[string, Host]>([
    ['linux-x64-gnu', linux('x64', { glibcVersionRuntime: '2.36' })],
    ['linux-x64-musl', linux('x64', {})],
    ['linux-arm64-gnu', linux('arm64', { glibcVersionRuntime: '2.17' })],
    ['linux-arm64-musl', linux('arm64', {})],
    ['darwin-arm64', { platform: 'darwin', arch: 'arm64' }],
    ['darwin-x64', { platform: 'darwin', arch: 'x64' }],
    ['win32-x64', { platform: 'win32', arch: 'x64' }],
  ])('is %s for its operating system, processor and C library', (name, host) => {
    expect(platformOf(host)).toBe(name);
  });

  it('is that of musl where Node gives no report', () => {
    expect(platformOf({ platform: 'linux', arch: 'x64' })).toBe('linux-x64-musl');
  });

  it('is that of this process', () => {
    expect(platformOf(process)).toMatch(new RegExp(`^${process.platform}-${process.arch}(-gnu|-musl)?$`));
  });

  it('does not wait for the names of other computers, which a report asks for unless told', () => {
    let asked: boolean | undefined;
    const report = {
      excludeNetwork: false,
      getReport(): unknown {
        asked = !this.excludeNetwork;
        return { header: { glibcVersionRuntime: '2.36' } };
      },
    };
    expect(platformOf({ platform: 'linux', arch: 'x64', report })).toBe('linux-x64-gnu');
    expect(asked).toBe(false);
    expect(report.excludeNetwork).toBe(false);
  });
});
