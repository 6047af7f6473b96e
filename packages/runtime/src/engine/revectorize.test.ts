import { describe, expect, it } from 'vitest';
import { moduleBytes } from './module.js';
import { compileWide, type NodeGlobals, startedWide } from './revectorize.js';

const flags: string[] = [];

function node(version: string, arch = 'x64', execArgv: readonly string[] = []): NodeGlobals {
  flags.length = 0;
  const v8 = { setFlagsFromString: (flag: string) => flags.push(flag) };
  return { process: { versions: { node: version }, arch, execArgv, getBuiltinModule: () => v8 } };
}

const bytes = moduleBytes('simd', false);
const own = ['liftoff', 'wasm-lazy-compilation'];

describe('256-bit kernels', () => {
  it.each<[string, NodeGlobals]>([
    ['this is Node 20.20.2', node('20.20.2')],
    ['this is a processor of the kind arm64', node('24.1.0', 'arm64')],
    ['this is not Node', {}],
    ['this is not Node', { process: {} }],
  ])('are refused with a reason and a remedy where they cannot be: %s', (reason, globals) => {
    const error = expect.objectContaining({
      code: 'WIDE_KERNELS_UNAVAILABLE',
      message: expect.stringMatching(new RegExp(`${reason}.*Use .*auto`)),
    });
    expect(() => compileWide(bytes, globals)).toThrow(error);
    expect(startedWide(globals)).toBe(false);
    expect(flags).toEqual([]);
  });

  it('turn the flag on for good, and off what would compile them later or less well until they are compiled', () => {
    const module = compileWide(bytes, node('24.21.0'));
    expect(WebAssembly.Module.customSections(module, '256').length).toBe(1);
    expect(flags).toEqual([
      '--experimental-wasm-revectorize',
      ...own.map(name => `--no-${name}`),
      ...own.map(name => `--${name}`),
    ]);
  });

  it('leave alone what the command line decided', () => {
    compileWide(bytes, node('24.21.0', 'x64', ['--no-liftoff', '--wasm_lazy_compilation']));
    expect(flags).toEqual(['--experimental-wasm-revectorize']);
  });

  it('put everything back if the module is refused', () => {
    expect(() => compileWide(Uint8Array.of(1, 2, 3), node('24.21.0'))).toThrow(WebAssembly.CompileError);
    expect(flags.slice(-2)).toEqual(own.map(name => `--${name}`));
  });

  it.each([
    [['--experimental-wasm-revectorize'], true],
    [['--experimental_wasm_revectorize', '--expose-gc'], true],
    [['--experimental-wasm-revectorize', '--no-experimental-wasm-revectorize'], false],
    [[], false],
  ])('are taken unasked only where the process was started for them: %j', (execArgv, wide) => {
    expect(startedWide(node('24.21.0', 'x64', execArgv))).toBe(wide);
  });
});
