import { WideKernelsUnavailableError } from '../errors.js';

/**
 * The switch of V8 that makes one 256-bit instruction of two 128-bit ones. Experimental: off unless somebody turns it
 * on.
 */
const SWITCH = 'experimental-wasm-revectorize';

/** The first Node whose V8 has it. */
const FIRST_NODE = 24;

/** The parts of Node that are needed. */
export interface NodeGlobals {
  readonly process?: {
    readonly versions?: { readonly node?: string };
    readonly arch?: string;
    readonly execArgv?: readonly string[];
    getBuiltinModule?(name: 'node:v8'): { setFlagsFromString(flags: string): void } | undefined;
  };
}

/** Whether the process was started with the switch, so that V8 pairs instructions anyway. */
export function startedWide(globals: NodeGlobals = globalThis as NodeGlobals): boolean {
  return reasonAgainst(globals) === undefined && chosenAtStart(globals, SWITCH) === true;
}

/**
 * Compiles a module with 256-bit instructions, completely and by the optimizing compiler at once, so that it can be
 * checked before it is used and never changes afterwards. Turns the switch on for the whole process, for good.
 *
 * @throws {@link WideKernelsUnavailableError}
 */
export function compileWide(
  bytes: Uint8Array<ArrayBuffer>,
  globals: NodeGlobals = globalThis as NodeGlobals,
): WebAssembly.Module {
  const reason = reasonAgainst(globals);
  const v8 = globals.process?.getBuiltinModule?.('node:v8');
  if (reason !== undefined || v8 === undefined) throw new WideKernelsUnavailableError(reason ?? 'there is no node:v8');
  // Without these two, functions are compiled one by one when they have been used for a while.
  const eager = ['liftoff', 'wasm-lazy-compilation'].filter(name => chosenAtStart(globals, name) === undefined);
  v8.setFlagsFromString(`--${SWITCH}`);
  for (const name of eager) v8.setFlagsFromString(`--no-${name}`);
  try {
    // Not the asynchronous form, during which other modules might be compiled this way.
    return new WebAssembly.Module(marked(bytes));
  } finally {
    for (const name of eager) v8.setFlagsFromString(`--${name}`);
  }
}

/** Why there can be no such kernels; undefined where there can be. */
function reasonAgainst({ process }: NodeGlobals): string | undefined {
  const node = process?.versions?.node;
  if (node === undefined || process?.getBuiltinModule === undefined) return 'this is not Node';
  if (Number.parseInt(node, 10) < FIRST_NODE) return `this is Node ${node}`;
  return process.arch === 'x64' ? undefined : `this is a processor of the kind ${process.arch}`;
}

/** What the command line says about a switch of V8: the last word counts. */
function chosenAtStart({ process }: NodeGlobals, name: string): boolean | undefined {
  const words = (process?.execArgv ?? []).map(word => word.replaceAll('_', '-'));
  const last = words.findLast(word => word === `--${name}` || word === `--no-${name}`);
  return last === undefined ? undefined : last === `--${name}`;
}

/**
 * The module with an empty section of its own. V8 gives out what it compiled before for bytes that it knows, which may
 * have been compiled before the switch was turned on.
 */
function marked(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  // A custom section: kind 0, four bytes, a name of three.
  const section = [0, 4, 3, ...[...'256'].map(character => character.charCodeAt(0))];
  const longer = new Uint8Array(bytes.length + section.length);
  longer.set(bytes);
  longer.set(section, bytes.length);
  return longer;
}
