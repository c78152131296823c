import libmime from 'libmime';

/** How much of a mail is read. What goes beyond is cut or refused, so that no mail costs more than a known amount. */
export interface MimeLimits { parts: number; depth: number; headerBytes: number }
export const MIME_LIMITS: MimeLimits = { parts: 1_000, depth: 30, headerBytes: 256 * 1024 };

/** One header field: its name in lower case and its bytes, unfolded. */
export interface RawHeader { name: string; value: Buffer }

/** One node of a mail's tree. The body is the part of the mail's bytes it was found in, still encoded. */
export interface MimePart {
  headers: RawHeader[]; type: string; params: Record<string, string>; disposition: string; dispositionParams: Record<string, string>; encoding: string;
  contentId: string | null; body: Buffer; children: MimePart[];
}

const LF = 10;
const CR = 13;
const HEADER_LINE = /^[!-9;-~]+[ \t]*:/;
const MAX_LINE_LOOK = 1_000;

/** Takes a mail apart by its structure. Never throws for what the mail holds: what is broken is read as text. */
export function parseMime(bytes: Buffer, limits: MimeLimits = MIME_LIMITS): { root: MimePart; truncated: boolean } {
  const state = { left: limits.parts, truncated: false, limits };
  // Mailboxes of one file put a line of their own before each mail.
  let start = 0;
  while (start < bytes.length && /^(>?From [^:]|[ \t]*\r?\n|[ \t]{200})/.test(bytes.subarray(start, start + 200).toString('latin1'))) start = afterLine(bytes, start);
  return { root: parsePart(bytes.subarray(start), state, 0, 'text/plain'), truncated: state.truncated };
}

interface ParseState { left: number; truncated: boolean; limits: MimeLimits }

function parsePart(bytes: Buffer, state: ParseState, depth: number, defaultType: string): MimePart {
  state.left -= 1;
  const { headers, bodyAt } = readHeaders(bytes, state);
  const content = structured(headers, 'content-type');
  const disposition = structured(headers, 'content-disposition');
  const part: MimePart = {
    headers, type: /^[\w.+-]+\/[\w.+-]+$/.test(content.value) ? content.value : defaultType, params: content.params, disposition: disposition.value, dispositionParams: disposition.params,
    encoding: latin(headers, 'content-transfer-encoding').trim().toLowerCase().split(/[;\s]/)[0]!,
    contentId: latin(headers, 'content-id').trim().replace(/^<|>$/g, '') || null, body: bytes.subarray(bodyAt), children: [],
  };
  // RFC 2045 forbids encoding a multipart as a whole; some gateways do it, and reading it as it stands loses nothing else.
  if (!part.type.startsWith('multipart/')) return part;
  if (depth >= state.limits.depth) {
    state.truncated = true;
    return { ...part, type: 'application/octet-stream' };
  }
  const childType = part.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  for (const piece of split(part.body, part.params['boundary'])) {
    if (state.left <= 0) {
      state.truncated = true;
      break;
    }
    part.children.push(parsePart(piece, state, depth + 1, childType));
  }
  return part.children.length > 0 ? part : { ...part, type: 'text/plain', params: {} };
}

function readHeaders(bytes: Buffer, state: ParseState): { headers: RawHeader[]; bodyAt: number } {
  const headers: { name: string; pieces: Buffer[] }[] = [];
  let at = 0;
  while (at < bytes.length) {
    const next = afterLine(bytes, at);
    const line = withoutEnd(bytes.subarray(at, next));
    if (line.length === 0) {
      at = next;
      break;
    }
    if (at > state.limits.headerBytes) {
      // Megabytes of header: what was read so far counts, the rest up to the empty line is passed over.
      state.truncated = true;
      at = emptyLineAfter(bytes, at);
      break;
    }
    const look = line.subarray(0, MAX_LINE_LOOK).toString('latin1');
    const last = headers.at(-1);
    if (/^[ \t]/.test(look) && last) last.pieces.push(line);
    else if (HEADER_LINE.test(look)) {
      const colon = look.indexOf(':');
      headers.push({ name: look.slice(0, colon).trim().toLowerCase(), pieces: [line.subarray(colon + 1)] });
    } else if (!last) {
      // A line or two of rubbish before the header; without any header everything is body.
      if (!/^(.*\n){1,3}[\w-]+:/.test(bytes.subarray(at, at + 2_000).toString('latin1'))) break;
    }
    else if (/^--\S/.test(look)) break; // the empty line is missing and a delimiter follows
    else last.pieces.push(Buffer.concat([Buffer.from(' '), line])); // a long line broken by somebody who did not indent
    at = next;
  }
  return { headers: headers.map(({ name, pieces }) => ({ name, value: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) })), bodyAt: at };
}

/** The pieces between a multipart's delimiters. An end that never comes is the end of the enclosing part: its own split has cut there already. */
function* split(body: Buffer, boundary: string | undefined): Generator<Buffer> {
  const delimiter = Buffer.from(`--${boundary ?? guessBoundary(body) ?? ''}`, 'latin1');
  if (delimiter.length === 2) return;
  let start = -1;
  let at = body.indexOf(delimiter);
  while (at !== -1) {
    const lineEnd = afterLine(body, at);
    const rest = withoutEnd(body.subarray(at + delimiter.length, lineEnd)).toString('latin1').trimEnd();
    const isDelimiter = (at === 0 || body[at - 1] === LF || body[at - 1] === CR) && (rest === '' || rest === '--');
    if (isDelimiter) {
      if (start !== -1) yield body.subarray(start, beforeLineEnd(body, at, start));
      start = rest === '--' ? -1 : lineEnd;
      if (rest === '--') return;
    }
    at = body.indexOf(delimiter, at + delimiter.length);
  }
  if (start !== -1 && start < body.length) yield body.subarray(start);
}

/** A boundary that the header forgot, taken from the first line that looks like one and is followed by a header. */
function guessBoundary(body: Buffer): string | undefined {
  return /(?:^|\n)--([^\r\n]{1,200}?)[ \t]*\r?\n(?:content-[a-z-]+:|\r?\n)/i.exec(body.subarray(0, 64 * 1024).toString('latin1'))?.[1];
}

function afterLine(bytes: Buffer, from: number): number {
  const lf = bytes.indexOf(LF, from);
  return lf === -1 ? bytes.length : lf + 1;
}

function emptyLineAfter(bytes: Buffer, from: number): number {
  const [unix, internet] = [bytes.indexOf('\n\n', from, 'latin1'), bytes.indexOf('\r\n\r\n', from, 'latin1')];
  if (unix === -1 && internet === -1) return bytes.length;
  return internet !== -1 && (unix === -1 || internet < unix) ? internet + 4 : unix + 2;
}

function withoutEnd(line: Buffer): Buffer {
  let end = line.length;
  if (line[end - 1] === LF) end -= 1;
  if (line[end - 1] === CR) end -= 1;
  return line.subarray(0, end);
}

/** The line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(bytes: Buffer, at: number, least: number): number {
  let end = at;
  if (end > least && bytes[end - 1] === LF) end -= 1;
  if (end > least && bytes[end - 1] === CR) end -= 1;
  return end;
}

const latin = (headers: RawHeader[], name: string): string => headers.find((header) => header.name === name)?.value.toString('latin1') ?? '';

/** A header with parameters. White space around its separators is forgiven. */
function structured(headers: RawHeader[], name: string): { value: string; params: Record<string, string> } {
  const found = headers.find((header) => header.name === name);
  if (!found) return { value: '', params: {} };
  const text = found.value.subarray(0, 16 * 1024).toString(isUtf8(found.value) ? 'utf8' : 'latin1').replace(/[\r\n\t]+/g, ' ');
  const { value, params } = libmime.parseHeaderValue(text);
  return { value: (value || '').replace(/\s*\([^)]*\)/g, '').replace(/\s*\/\s*/g, '/').trim().toLowerCase(), params };
}

/** Whether the bytes are proper UTF-8. */
export function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
