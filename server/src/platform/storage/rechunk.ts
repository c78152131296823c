/** Gives the same bytes in pieces of exactly `size`, the last one shorter; at least one piece, even if empty. Says of each whether it is the last. */
export async function* rechunk(source: AsyncIterable<Buffer | Uint8Array>, size: number): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const data of source) {
    let rest = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    // A full piece is held back until more arrives: only then is it known not to be the last.
    while (held + rest.length > size) {
      const taken = rest.subarray(0, size - held);
      yield { piece: Buffer.concat([...parts, taken]), last: false };
      parts = [];
      held = 0;
      rest = rest.subarray(taken.length);
    }
    if (rest.length > 0) {
      parts.push(rest);
      held += rest.length;
    }
  }
  yield { piece: Buffer.concat(parts), last: true };
}
