/** What every stream begins to refer back to (MS-OXRTFCP 2.1.2.1). */
const BEGUN = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1');
const DICTIONARY = 4_096;
const [COMPRESSED, PLAIN] = [0x75465a4c, 0x414c454d];
/** Longer letters are cut: nobody writes them, and a few bytes can stand for many. */
const MAX_RTF = 4 * 1024 * 1024;

/** Outlook's compressed rich text (MS-OXRTFCP), read as far as it makes sense; undefined when it is none. */
export function decompressRtf(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 16) return undefined;
  const length = Math.min(bytes.readUInt32LE(4), MAX_RTF);
  const kind = bytes.readUInt32LE(8);
  if (kind === PLAIN) return bytes.subarray(16, 16 + length);
  if (kind !== COMPRESSED) return undefined;
  const dictionary = Buffer.alloc(DICTIONARY);
  let write = BEGUN.copy(dictionary);
  const out = Buffer.alloc(length);
  let made = 0;
  const put = (byte: number): void => {
    out[made] = byte;
    made += 1;
    dictionary[write] = byte;
    write = (write + 1) % DICTIONARY;
  };
  let at = 16;
  while (at < bytes.length && made < length) {
    const control = bytes[at]!;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.length && made < length; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at]!);
        at += 1;
        continue;
      }
      if (at + 1 >= bytes.length) return out.subarray(0, made);
      const reference = bytes.readUInt16BE(at);
      at += 2;
      const offset = reference >> 4;
      // A reference to the place that is written next says that this is the end.
      if (offset === write) return out.subarray(0, made);
      for (let n = 0; n < (reference & 0xf) + 2 && made < length; n += 1) put(dictionary[(offset + n) % DICTIONARY]!);
    }
  }
  return out.subarray(0, made);
}
