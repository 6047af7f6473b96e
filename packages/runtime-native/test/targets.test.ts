import { describe, expect, it } from 'vitest';
import { type Host, platformOf } from '../src/platform.js';

interface Targets {
  readonly targets: Readonly<Record<string, { readonly instructions: Readonly<Record<string, readonly string[]>> }>>;
  targetHere(): string;
}

const { targets, targetHere } = (await import(new URL('../tools/targets.mjs', import.meta.url).href)) as Targets;

/** The computer that a target's name says. */
function hostOf(name: string): Host {
  const [platform = '', arch = '', library] = name.split('-');
  const header = library === 'gnu' ? { glibcVersionRuntime: '2.36' } : {};
  return { platform, arch, report: { getReport: () => ({ header }) } };
}

describe('a platform that is built for', () => {
  it.each(Object.keys(targets))('%s is what the loader calls it', name => {
    expect(platformOf(hostOf(name))).toBe(name);
  });

  it.each(Object.entries(targets))('%s has the instructions of its processor', (name, { instructions }) => {
    expect(Object.keys(instructions)).toEqual(name.includes('-x64') ? ['avx512', 'avx2'] : ['neon']);
  });

  it('is by default that of this process', () => {
    expect(targetHere()).toBe(platformOf(process));
  });
});
