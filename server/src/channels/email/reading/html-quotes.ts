import { Parser } from 'htmlparser2';

/** Containers that mail programs put around what they quote. */
const QUOTE = /(^|\s)(gmail_quote(_container)?|gmail_extra|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|moz-cite-prefix|gmail_attr|mail-quote-collapse|ydp[\w-]*yahoo_quoted|front-blockquote)(\s|$)/i;
const QUOTE_IDS = /^(yahoo_quoted|isReplyContent|OLK_SRC_BODY_SECTION|reply139content|origbody)/i;
/** From here on everything is quoted. */
const END_IDS = /^(x_)?(divRplyFwdMsg|appendonsend|OutlookMessageHeader|mail-editor-reference-message-container|zwchr)$/i;
const OUTLOOK_RULE = /border(-top)?\s*:\s*(none;\s*border-top\s*:\s*)?solid\s+#?(e1e1e1|b5c4df)\s+1\.0pt/i;
const VOID = new Set(['br', 'hr', 'img', 'input', 'meta', 'link', 'area', 'base', 'col', 'embed', 'source', 'track', 'wbr']);
/** Nobody has to close these. */
const ENDS_ITSELF = new Set(['p', 'li', 'td', 'th', 'tr', 'dt', 'dd', 'option', 'tbody', 'thead', 'tfoot', 'colgroup']);
const BLOCK = new Set(['p', 'div', 'table', 'tr', 'ul', 'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote', 'pre', 'section', 'article', 'header', 'footer', 'center', 'address', 'dl', 'dt', 'dd', 'form', 'fieldset']);
const SILENT = new Set(['style', 'script', 'title', 'head', 'noscript', 'template', 'svg', 'math', 'object', 'iframe']);

interface Range { start: number; end: number }

/** Whether tags are nested beyond what any letter needs. Reading such HTML takes time by the square of its depth. */
export function isNestedTooDeep(html: string, limit = 1_000): boolean {
  let depth = 0;
  for (const [tag] of html.matchAll(/<\/?[a-z][a-z0-9]*/gi)) {
    if (tag[1] === '/') depth = ENDS_ITSELF.has(tag.slice(2).toLowerCase()) ? depth : Math.max(0, depth - 1);
    else if (!VOID.has(tag.slice(1).toLowerCase()) && !ENDS_ITSELF.has(tag.slice(1).toLowerCase())) depth += 1;
    if (depth > limit) return true;
  }
  return false;
}

/** The HTML without what it quotes, or undefined when nothing is quoted, or something new stands below or between: then only the whole makes sense. */
export function withoutQuotes(html: string): string | undefined {
  const ranges: Range[] = [];
  const stack: string[] = [];
  let quotedAt = -1;
  let quoteDepth = 0;
  let endAt = -1;
  let textAfter = '';
  let silent = 0;
  const parser = new Parser({
    onopentag(name, attributes) {
      if (!VOID.has(name)) stack.push(name);
      if (SILENT.has(name)) silent += 1;
      if (endAt !== -1 || quotedAt !== -1) return;
      const { class: classes = '', id = '', style = '', type = '', name: anchor = '' } = attributes;
      if (END_IDS.test(id) || (name === 'div' && OUTLOOK_RULE.test(style)) || anchor === '_MailOriginal') endAt = parser.startIndex;
      else if (QUOTE.test(classes) || QUOTE_IDS.test(id) || (name === 'blockquote' && (/cite/i.test(type) || /gmail_quote|cite/i.test(classes)))) {
        quotedAt = parser.startIndex;
        quoteDepth = stack.length;
      }
    },
    ontext(text) {
      if (ranges.length > 0 && quotedAt === -1 && endAt === -1 && silent === 0) textAfter += text.trim();
    },
    onclosetag(name) {
      if (SILENT.has(name)) silent = Math.max(0, silent - 1);
      if (VOID.has(name)) return;
      if (quotedAt !== -1 && stack.length === quoteDepth) {
        ranges.push({ start: quotedAt, end: parser.endIndex + 1 });
        quotedAt = -1;
      }
      stack.pop();
    },
  }, { decodeEntities: true });
  parser.end(html);
  if (quotedAt !== -1) ranges.push({ start: quotedAt, end: html.length });
  if (endAt !== -1) ranges.push({ start: endAt, end: html.length });
  if (ranges.length === 0 || textAfter.replace(/[\s\u00a0]/g, '').length > 0) return undefined;
  let at = 0;
  let kept = '';
  for (const { start, end } of ranges) {
    kept += html.slice(at, start);
    at = end;
  }
  kept += html.slice(at);
  return htmlToText(kept).trim() === '' && !/<img/i.test(kept) ? undefined : kept;
}

/** What a person reads of the HTML: blocks on lines of their own, quotes marked with `> `, nothing hidden. */
export function htmlToText(html: string): string {
  const lines: string[] = [''];
  let silent = 0;
  let pre = 0;
  let quote = 0;
  const hidden: string[] = [];
  const newLine = (): void => { if (lines.at(-1)!.trim() !== '' && !/^(> )+$/.test(lines.at(-1)!)) lines.push('> '.repeat(quote)); };
  const parser = new Parser({
    onopentag(name, { style = '', alt }) {
      if (hidden.length > 0 || SILENT.has(name) || /display\s*:\s*none|mso-hide\s*:\s*all/i.test(style)) {
        if (!VOID.has(name)) hidden.push(name);
        silent = hidden.length;
        return;
      }
      if (name === 'br') lines.push('> '.repeat(quote));
      else if (name === 'hr') newLine();
      else if (name === 'img' && alt && alt.length <= 100) lines[lines.length - 1] += alt;
      else if (name === 'td' || name === 'th') lines[lines.length - 1] += ' ';
      if (!BLOCK.has(name)) return;
      newLine();
      if (name === 'pre') pre += 1;
      if (name === 'blockquote') {
        quote += 1;
        lines.push('> '.repeat(quote));
      }
      if (name === 'li') lines[lines.length - 1] += '- ';
    },
    ontext(text) {
      if (silent > 0) return;
      if (pre > 0) {
        const [first, ...rest] = text.split(/\r?\n/);
        lines[lines.length - 1] += first!;
        for (const line of rest) lines.push('> '.repeat(quote) + line);
        return;
      }
      const flat = text.replace(/[\s\u00a0]+/g, ' ');
      const last = lines.at(-1)!;
      lines[lines.length - 1] = last + (last === '' || last.endsWith(' ') ? flat.trimStart() : flat);
    },
    onclosetag(name) {
      if (hidden.length > 0) {
        if (!VOID.has(name)) hidden.pop();
        silent = hidden.length;
        return;
      }
      if (!BLOCK.has(name)) return;
      if (name === 'pre') pre = Math.max(0, pre - 1);
      newLine();
      if (name === 'blockquote' && quote > 0) {
        quote -= 1;
        lines.push('> '.repeat(quote));
      }
      if ((name === 'p' || /^h\d$/.test(name) || name === 'table') && lines.length > 1) lines.push('> '.repeat(quote));
    },
  }, { decodeEntities: true });
  parser.end(html);
  return lines.map((line) => line.trimEnd()).join('\n').replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '');
}
