import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * One message of protocol buffers as pieces, which are joined once at the very end: the bytes of weights are not copied
 * before that, however deep their message is.
 */
export class MessageWriter {
  readonly #pieces: Uint8Array[] = [];
  #size = 0;
  #open = new BinaryWriter();

  /** Bytes so far. */
  get size(): number {
    this.#close();
    return this.#size;
  }

  text(field: number, value: string): this {
    this.#open.tag(field, WireType.LengthDelimited).string(value);
    return this;
  }

  integer(field: number, value: number): this {
    this.#open.tag(field, WireType.Varint).int64(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#open.tag(field, WireType.Bit32).float(value);
    return this;
  }

  /** Bytes that must not change before {@link join}. */
  bytes(field: number, value: Uint8Array): this {
    this.#open.tag(field, WireType.LengthDelimited).uint32(value.length);
    this.#push(value);
    return this;
  }

  message(field: number, inner: MessageWriter): this {
    this.#open.tag(field, WireType.LengthDelimited).uint32(inner.size);
    for (const piece of inner.#pieces) this.#push(piece);
    return this;
  }

  /** The bytes of the message. */
  join(): Uint8Array {
    const joined = new Uint8Array(this.size);
    let offset = 0;
    for (const piece of this.#pieces) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }

  #push(piece: Uint8Array): void {
    this.#close();
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  #close(): void {
    const piece = this.#open.finish();
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#size += piece.length;
    this.#open = new BinaryWriter();
  }
}
