/** A text with a selection; what every edit takes and gives. */
export interface Edited {
  text: string;
  start: number;
  end: number;
}

/** Marks the selection (`**bold**`), or takes the marks away when it carries them already. */
export function toggleMark({ text, start, end }: Edited, mark: string): Edited {
  const inner = text.slice(start, end);
  const size = mark.length;
  if (text.slice(start - size, start) === mark && text.slice(end, end + size) === mark && !isLongerMark(text, start, mark)) {
    return { text: text.slice(0, start - size) + inner + text.slice(end + size), start: start - size, end: end - size };
  }
  return { text: text.slice(0, start) + mark + inner + mark + text.slice(end), start: start + size, end: end + size };
}

/** `*` directly inside `**` is not a mark of its own. */
function isLongerMark(text: string, start: number, mark: string): boolean {
  return mark === '*' && text.slice(start - 2, start) === '**' && text.slice(start - 3, start) !== '***';
}

/** Puts a sign before every selected line, or takes it away where all have it. */
export function toggleList({ text, start, end }: Edited, sign = '- '): Edited {
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const next = text.indexOf('\n', Math.max(end - 1, start));
  const to = next === -1 ? text.length : next;
  const lines = text.slice(from, to).split('\n');
  const all = lines.every((line) => line.startsWith(sign));
  const changed = lines.map((line) => (all ? line.slice(sign.length) : line.startsWith(sign) ? line : sign + line)).join('\n');
  return { text: text.slice(0, from) + changed + text.slice(to), start: from, end: from + changed.length };
}

/** Makes the selection a link; the address is selected next, so that it can be pasted. */
export function makeLink({ text, start, end }: Edited, words: string): Edited {
  const chosen = text.slice(start, end);
  const isAddress = /^https?:\/\/\S+$/.test(chosen);
  const label = isAddress ? words : chosen || words;
  const address = isAddress ? chosen : 'https://';
  const link = `[${label}](${address})`;
  const at = isAddress ? start + 1 : start + label.length + 3;
  return { text: text.slice(0, start) + link + text.slice(end), start: at, end: at + (isAddress ? label.length : address.length) };
}

/** Makes the selection a link to this address, or writes one in these words. */
export function linkTo({ text, start, end }: Edited, address: string, words: string): Edited {
  const label = (text.slice(start, end).trim() || words).replace(/[[\]\\]/g, '\\$&');
  return replaceRange(text, start, end, `[${label}](${address})`);
}

/** Replaces a part of the text and puts the cursor behind what came in. */
export function replaceRange(text: string, from: number, to: number, by: string): Edited {
  const at = from + by.length;
  return { text: text.slice(0, from) + by + text.slice(to), start: at, end: at };
}
