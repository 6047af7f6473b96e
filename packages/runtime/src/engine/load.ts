import { SimdUnavailableError } from '../errors.js';
import type { Engine, NativeChoice } from './engine.js';
import { createHeap, type HeapOptions } from './heap.js';
import type { Kernel } from './kernel.js';
import { detectInstructions, moduleBytes, supports } from './module.js';
import { openNative } from './native.js';
import { compileWide } from './revectorize.js';

/** Which kernels are loaded over which memory. */
export interface EngineOptions extends HeapOptions {
  /** Instruction set; the best one that this engine has, unless told. */
  readonly instructions?: Engine['instructions'];
  /** Native kernels to use where there are some. */
  readonly native?: NativeChoice | undefined;
}

/** Compiled once, for unshared and for shared memory: unlike the others they take a while. */
const wideModules = new Map<boolean, WebAssembly.Module>();

/** Compiled kernels over a new, empty heap. */
export async function loadEngine(options: EngineOptions = {}): Promise<Engine> {
  const instructions = options.instructions ?? detectInstructions();
  const module = await compileKernels(instructions, options.shared ?? false);
  const heap = createHeap(options);
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: heap.memory } });
  const kernels = exports as unknown as Readonly<Record<string, Kernel>>;
  if (options.native === undefined) return { heap, instructions, kernels };
  const { kernels: own, ...native } = openNative(options.native, heap);
  return { heap, instructions, kernels: { ...kernels, ...own }, native };
}

/**
 * The kernels' module. Instances of it, in whatever thread, take `{ env: { memory } }`; the memory must be shared or
 * not as told here.
 */
export async function compileKernels(
  instructions: Engine['instructions'],
  shared: boolean,
): Promise<WebAssembly.Module> {
  const bytes = moduleBytes(instructions, shared);
  if (instructions === 'relaxed-simd-256') {
    const known = wideModules.get(shared) ?? compileWide(bytes);
    wideModules.set(shared, known);
    return known;
  }
  if (!supports(instructions)) throw new SimdUnavailableError(instructions);
  return WebAssembly.compile(bytes);
}
