import { MalformedDataError } from '../../errors.js';
import type { MemoryBudget } from '../../memory-budget.js';

/** A data element: some bytes and what they are. */
export interface MatElement {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Types of data elements, MAT-File Format, table 1-1. */
export const elementType = { matrix: 14, compressed: 15, utf8: 16, utf16: 17, utf32: 18 } as const;

/** What all readers of one file share. */
export interface MatContext {
  readonly littleEndian: boolean;
  /** What to call the file in errors. */
  readonly source: string;
  /** Memory for what is read. */
  readonly budget: MemoryBudget;
}

/** Reads data elements one after the other; every read is checked against the end. */
export class ElementReader {
  readonly #view: DataView;
  #offset: number;

  constructor(
    readonly bytes: Uint8Array,
    readonly context: MatContext,
    start = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = start;
  }

  get littleEndian(): boolean {
    return this.context.littleEndian;
  }

  get source(): string {
    return this.context.source;
  }

  /** Takes memory for something that is made of these bytes; fails if that would be too much. */
  keep(bytes: number): void {
    this.context.budget.keep(bytes, this.source);
  }

  get remaining(): number {
    return this.bytes.length - this.#offset;
  }

  /** MAT-File Format, "Data element format": a tag of 8 bytes, or of 4 with up to 4 bytes of data behind it. */
  next(what: string): MatElement {
    if (this.remaining < 8) this.fail(`the file ends in ${what}`);
    const first = this.#view.getUint32(this.#offset, this.littleEndian);
    const small = first >>> 16;
    const length = small || this.#view.getUint32(this.#offset + 4, this.littleEndian);
    const start = this.#offset + (small ? 4 : 8);
    const type = first & 0xffff;
    if (length > (small ? 4 : this.bytes.length - start)) this.fail(`${what} says that it has ${length} bytes`);
    // Everything but compressed data is padded to 8 bytes, which the last element of a file may lack.
    const end = small ? start + 4 : start + (type === elementType.compressed ? length : Math.ceil(length / 8) * 8);
    this.#offset = Math.min(end, this.bytes.length);
    return { type, bytes: this.bytes.subarray(start, start + length) };
  }

  fail(problem: string): never {
    throw new MalformedDataError(this.source, `${problem}, so this is no intact MAT-file`);
  }
}
