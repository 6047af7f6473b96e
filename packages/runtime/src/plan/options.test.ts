import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';
import type { CompileOptions } from './options.js';
import { resolveOptions } from './options.js';
import { toyGraph } from './testing/toy-graph.js';

describe('options', () => {
  it.each([
    [{ threads: 0 }, 'threads'],
    [{ threads: 1.5 }, 'threads'],
    [{ threads: 257 }, 'threads'],
    [{ lanes: 24 }, 'lanes'],
    [{ instructions: 'avx' }, 'instructions'],
    [{ layout: 'hwc' }, 'layout'],
    [{ tune: {} }, 'tune'],
    [{ tune: 'yes' }, 'tune'],
    [{ tune: null }, 'tune'],
  ])('out of range are refused: %j', async (options, option) => {
    const compiling = compile(toyGraph(), options as unknown as CompileOptions);
    await expect(compiling).rejects.toMatchObject({ code: 'INVALID_OPTION', option });
  });

  it('have defaults: all cores, no tuning, channels last, the rest by the graph and the engine', () => {
    const { threads, tune, layout, ...rest } = resolveOptions({});
    expect(threads).toBeGreaterThanOrEqual(1);
    expect({ tune, layout }).toEqual({ tune: false, layout: 'nhwc' });
    expect('lanes' in rest || 'instructions' in rest).toBe(false);
  });
});
