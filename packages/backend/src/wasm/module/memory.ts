import { WasmMemoryError } from '../errors.js';
import type { WasmBackend } from '../wasm-backend.js';

/** What TensorFlow.js' module can grow to: one page of 64 KiB less than 4 GiB. */
const LIMIT = 2 ** 32 - 2 ** 16;

/** Kept free for the module's own structures; where it cannot have those, it crashes. */
const RESERVE = 2 ** 26;

/** After a block of at least so many bytes there has to be room for another of {@link SPARE} bytes. */
const LARGE = 2 ** 16;
const SPARE = 2 ** 23;

/** What a backend gave out and took back since the outermost kernel that now runs began. */
export interface Journal {
  /** Data that was made, or referred to once more, and not given back. */
  readonly entries: object[];
}

const journals = new WeakMap<object, Journal>();

/**
 * Makes a backend throw {@link WasmMemoryError} where its memory is full. TensorFlow.js does not look whether it got
 * memory: it takes address 0, where its own variables are, and writes over them.
 */
export function guardMemory(backend: WasmBackend): Journal {
  const known = journals.get(backend);
  if (known !== undefined) return known;
  const { wasm } = backend;
  // The module's functions replace themselves when they are first called.
  wasm._free(wasm._malloc(1));
  const { _malloc: allocate, _free: free } = wasm;
  const sizes = new Map<number, number>();
  let inUse = 0;
  const hasSpare = (): boolean => {
    const spare = allocate(SPARE) >>> 0;
    if (spare !== 0) free(spare);
    return spare !== 0;
  };
  wasm._malloc = bytes => {
    let address = inUse + bytes + RESERVE <= LIMIT ? allocate(bytes) >>> 0 : 0;
    if (address !== 0 && bytes >= LARGE && !hasSpare()) {
      free(address);
      address = 0;
    }
    if (address === 0) throw new WasmMemoryError(bytes, inUse, LIMIT - RESERVE);
    sizes.set(address, bytes);
    inUse += bytes;
    return address;
  };
  wasm._free = address => {
    inUse -= sizes.get(address >>> 0) ?? 0;
    sizes.delete(address >>> 0);
    free(address);
  };
  const journal: Journal = { entries: [] };
  keepJournal(backend, journal);
  journals.set(backend, journal);
  return journal;
}

/** Notes data that is made, referred to and given back, so that what a kernel leaves half-done can be undone. */
function keepJournal(backend: WasmBackend, { entries }: Journal): void {
  const { makeOutput, incRef, disposeData } = backend;
  backend.makeOutput = (...output) => {
    const made = makeOutput.apply(backend, output);
    entries.push(made.dataId);
    return made;
  };
  backend.incRef = dataId => {
    incRef.call(backend, dataId);
    entries.push(dataId);
  };
  backend.disposeData = (dataId, ...force) => {
    const entry = entries.lastIndexOf(dataId);
    if (entry >= 0) entries.splice(entry, 1);
    return disposeData.call(backend, dataId, ...force);
  };
}
