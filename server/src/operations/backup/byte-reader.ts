/** Takes bytes off a stream in the sizes that are asked for. */
export class ByteReader {
  private readonly source: AsyncIterator<Buffer | Uint8Array>;
  private held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer | Uint8Array>) {
    this.source = source[Symbol.asyncIterator]();
  }

  /** The next bytes, or undefined when fewer are left. */
  async take(size: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [this.held];
    let have = this.held.length;
    while (have < size) {
      const next = await this.source.next();
      if (next.done) {
        this.held = Buffer.concat(parts);
        return undefined;
      }
      parts.push(Buffer.from(next.value));
      have += next.value.length;
    }
    const all = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.held = all.subarray(size);
    return all.subarray(0, size);
  }

  /** Everything that has not been taken. */
  async* rest(): AsyncGenerator<Buffer> {
    try {
      if (this.held.length > 0) yield this.held;
      for (;;) {
        const next = await this.source.next();
        if (next.done) return;
        yield Buffer.from(next.value);
      }
    } finally {
      await this.close();
    }
  }

  /** Nothing more is wanted: the stream lets go of what it holds. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}
