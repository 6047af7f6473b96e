import type { RuntimeDescription } from './types.js';

interface Globals {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly platform?: string;
    readonly arch?: string;
    readonly getBuiltinModule?: unknown;
  };
  readonly Deno?: { readonly version: { readonly deno: string } };
  readonly Bun?: { readonly version: string };
  readonly navigator?: { readonly userAgent?: string };
}

/** Whether `process.getBuiltinModule` gives Node's modules: no import that a bundler for browsers would trip over. */
export function hasNodeModules(globals: Globals = globalThis as Globals): boolean {
  return typeof globals.process?.getBuiltinModule === 'function';
}

/** What executes this program, read from the global object. */
export function describeRuntime(globals: Globals = globalThis as Globals): RuntimeDescription {
  const { process: host, Deno, Bun, navigator } = globals;
  const platform = host?.platform === undefined ? '' : `${host.platform} ${host.arch ?? ''}`.trim();
  if (Deno !== undefined) return { kind: 'deno', version: Deno.version.deno, platform };
  if (Bun !== undefined) return { kind: 'bun', version: Bun.version, platform };
  if (host?.versions?.node !== undefined) return { kind: 'node', version: host.versions.node, platform };
  return { kind: 'browser', version: navigator?.userAgent ?? '', platform: '' };
}
