import type { NativeChoice } from '../engine/engine.js';
import { NATIVE_LANES, WIDE_LANES } from '../engine/lanes.js';
import type { FoundKernels, NativeInstructions } from '../engine/native-kernels.js';
import { NativeKernelsUnavailableError } from '../errors.js';
import { usableInstructions } from './instructions.js';
import { importNative } from './native-package.js';
import type { Instructions, ResolvedOptions } from './options.js';

type EngineOptions = Pick<ResolvedOptions, 'engine' | 'instructions' | 'lanes'>;

/** The kernels that a plan uses. */
export interface EngineChoice {
  /** Instructions of the WebAssembly kernels. */
  readonly instructions: Instructions;
  /** Native kernels, if they are used. */
  readonly native?: NativeChoice;
  /** Why there are none. */
  readonly passedOver?: string;
}

/**
 * Native kernels where they were asked for, or were left open and there are some; otherwise WebAssembly's.
 *
 * @param shared - Whether the memory will be shared.
 * @throws {@link NativeKernelsUnavailableError} if they were asked for and there are none.
 * @throws {@link WideKernelsUnavailableError} and {@link WideKernelsWrongError}
 */
export async function chooseEngine(
  options: EngineOptions,
  shared: boolean,
  find: () => Promise<FoundKernels> = importNative,
): Promise<EngineChoice> {
  const { engine, instructions, lanes } = options;
  const native = await nativeChoice(options, find);
  if ('choice' in native) {
    return { instructions: await usableInstructions(undefined, shared), native: native.choice };
  }
  const nativeOnly = isNative(instructions) || (lanes !== undefined && WIDE_LANES.includes(lanes));
  if (engine === 'native' || nativeOnly) throw new NativeKernelsUnavailableError(native.reason);
  const wasm = isNative(instructions) ? undefined : instructions;
  return { instructions: await usableInstructions(wasm, shared), passedOver: native.reason };
}

async function nativeChoice(
  { engine, instructions, lanes }: EngineOptions,
  find: () => Promise<FoundKernels>,
): Promise<{ readonly choice: NativeChoice } | { readonly reason: string }> {
  if (engine === 'wasm') return { reason: "`engine: 'wasm'` was asked for" };
  if (instructions !== undefined && !isNative(instructions)) {
    return { reason: `\`instructions: '${instructions}'\` was asked for` };
  }
  const found = await find();
  if (!('kernels' in found)) return { reason: found.reason };
  const { kernels } = found;
  const sets = kernels.instructionSets();
  const allowed = sets.filter(name => instructions === undefined || name === instructions);
  if (allowed.length === 0) return { reason: `this processor has no ${instructions ?? 'known instructions'}` };
  const chosen = allowed.find(name => lanes === undefined || NATIVE_LANES[name].includes(lanes));
  if (chosen === undefined) return { reason: `its kernels for ${allowed.join(' and ')} have no tiles of ${lanes}` };
  return { choice: { kernels, instructions: chosen } };
}

/** Whether these are instructions of native kernels. */
export function isNative(
  instructions: Instructions | NativeInstructions | undefined,
): instructions is NativeInstructions {
  return instructions !== undefined && Object.hasOwn(NATIVE_LANES, instructions);
}
