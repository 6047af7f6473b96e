import { HeapFullError } from '../errors.js';
import type { Heap } from './engine.js';

const PAGE = 65536;
/** Most pages of a memory: 4 GiB. */
const MOST_PAGES = 65536;
const LINE = 64;

/** Nothing lies below it, so that address 0 can mean "none". */
const FIRST_ADDRESS = 1024;

/** The kernels read at most so many bytes past what was allocated. */
const GUARD = 4096;

/** Most that a heap may ever take unless told otherwise: 2 GiB. */
const DEFAULT_MAXIMUM_BYTES = 2 ** 31;

/** How a heap is made. */
export interface HeapOptions {
  /** Whether threads share it; needs `SharedArrayBuffer`. */
  readonly shared?: boolean;
  /** Most bytes it may grow to, up to 4 GiB. */
  readonly maximumBytes?: number;
}

/** An empty heap. Throws {@link HeapFullError} when there is no memory at all. */
export function createHeap({ shared = false, maximumBytes = DEFAULT_MAXIMUM_BYTES }: HeapOptions = {}): Heap {
  const maximum = Math.min(MOST_PAGES, Math.max(1, Math.ceil(maximumBytes / PAGE)));
  return heapOn(newMemory(maximum, shared));
}

/** A memory of one page that may grow, to less than `maximum` pages where there is no room for so many. */
function newMemory(maximum: number, shared: boolean): WebAssembly.Memory {
  for (let pages = maximum; ; pages = Math.floor(pages / 2)) {
    try {
      return new WebAssembly.Memory({ initial: 1, maximum: pages, shared });
    } catch (cause) {
      if (pages === 1) throw new HeapFullError(PAGE, 0, { cause });
    }
  }
}

/** A heap on a memory in which nothing has been allocated. */
function heapOn(memory: WebAssembly.Memory): Heap {
  let used = FIRST_ADDRESS;
  return {
    ...viewsOf(memory),
    allocate(bytes) {
      const address = used;
      const end = address + Math.ceil(bytes / LINE) * LINE;
      const missing = Math.ceil((end + GUARD - memory.buffer.byteLength) / PAGE);
      if (missing > 0) grow(memory, missing, bytes, used);
      used = end;
      return address;
    },
  };
}

function viewsOf(memory: WebAssembly.Memory): Pick<Heap, 'memory' | 'floats' | 'integers'> {
  return {
    memory,
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    integers: (address, length) => new Int32Array(memory.buffer, address, length),
  };
}

/** Grows by an eighth or more, so that a network of many small parts does not grow it part by part. */
function grow(memory: WebAssembly.Memory, pages: number, bytes: number, used: number): void {
  const eighth = Math.ceil(memory.buffer.byteLength / PAGE / 8);
  if (eighth > pages && hasGrown(memory, eighth)) return;
  try {
    memory.grow(pages);
  } catch (cause) {
    throw new HeapFullError(bytes, used, { cause });
  }
}

function hasGrown(memory: WebAssembly.Memory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}
