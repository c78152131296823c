import sanitizeHtml from 'sanitize-html';

const MAX_HTML = 2 * 1024 * 1024;
const TEXT_TAGS = [
  'a', 'abbr', 'address', 'article', 'b', 'bdi', 'bdo', 'big', 'blockquote', 'br', 'caption', 'center', 'cite', 'code', 'col', 'colgroup', 'dd', 'del', 'details', 'dfn', 'div', 'dl', 'dt', 'em', 'figcaption',
  'figure', 'font', 'footer', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'i', 'img', 'ins', 'kbd', 'li', 'main', 'mark', 'ol', 'p', 'pre', 'q', 's', 'samp', 'section', 'small', 'span', 'strike',
  'strong', 'sub', 'summary', 'sup', 'table', 'tbody', 'td', 'tfoot', 'th', 'thead', 'tr', 'tt', 'u', 'ul', 'var', 'wbr',
];
/** Declarations that only arrange and colour. What loads, covers the page or runs is not among them. */
const STYLES = /^(color|background-color|font(-(family|size|style|weight|variant))?|line-height|letter-spacing|text-(align|decoration|indent|transform)|vertical-align|white-space|word-(break|wrap|spacing)|overflow-wrap|direction|(min-|max-)?(width|height)|(margin|padding)(-(top|right|bottom|left))?|border(-(top|right|bottom|left))?(-(color|style|width|radius))?|border-(collapse|spacing)|list-style(-type|-position)?|display|float|clear|table-layout|caption-side)$/i;
const DANGEROUS = /url\s*\(|expression\s*\(|image-set|image\s*\(|element\s*\(|@|\\|var\s*\(|attr\s*\(|env\s*\(/i;

const URL_PART = /url\s*\(\s*(?:"[^"]*"|'[^']*'|[^)]*)(?:\)|$)/gi;
const COLOUR = /(?<=^|[\s,])(?:#[0-9a-f]{3,8}|(?:rgb|hsl)a?\([\d\s.,%/a-z]{1,60}\)|[a-z]{3,30})(?=[\s,!]|$)/gi;
/** Words of `background` that are no colours. */
const ARRANGES = /^(none|repeat|space|round|center|top|left|right|bottom|scroll|fixed|local|cover|contain|auto|text|inherit|initial|unset|revert|important)$/i;

/** Of `background`, under which mails of all kinds colour their tables, the colour stays, never the picture. */
function backgroundColour(value: string): string | undefined {
  const rest = value.replace(URL_PART, ' ');
  const colour = DANGEROUS.test(rest) ? undefined : rest.match(COLOUR)?.find((word) => !ARRANGES.test(word));
  return colour && `background-color: ${colour}`;
}

/** Styles as they may stay. Nothing outside is asked for, and nothing leaves its place. */
function safeStyle(style: string): string {
  return style.slice(0, 4_000).replace(/\/\*[\s\S]*?\*\//g, '').split(';').map((declaration) => declaration.trim()).flatMap((declaration) => (/^background\s*:/i.test(declaration) ? backgroundColour(declaration.slice(declaration.indexOf(':') + 1)) ?? [] : declaration)).filter((declaration) => {
    const colon = declaration.indexOf(':');
    const [property, value] = [declaration.slice(0, colon).trim(), declaration.slice(colon + 1)];
    return colon > 0 && STYLES.test(property) && !DANGEROUS.test(value) && !/-\d/.test(/^(margin|text-indent)/i.test(property) ? value : '');
  }).join('; ');
}

const isTiny = ({ width, height, style = '' }: Record<string, string | undefined>): boolean =>
  [width, height].some((side) => side !== undefined && /^\s*[01](px)?\s*$/.test(side)) || /display\s*:\s*none|visibility\s*:\s*hidden|(^|[;\s])(max-)?(width|height)\s*:\s*[01]px/i.test(style);

/**
 * A mail's HTML as it may be shown: nothing runs, nothing is loaded, nothing looks like ours. Pictures keep their place without an address of
 * their own: those inside the mail by `data-cid`, those elsewhere by `data-remote`; whoever shows them decides. Tracking pixels go.
 */
export function safeHtml(html: string): string {
  return sanitizeHtml(html.slice(0, MAX_HTML), {
    allowedTags: TEXT_TAGS, allowedSchemes: ['http', 'https', 'mailto', 'tel'], allowProtocolRelative: false, disallowedTagsMode: 'discard', nestingLimit: 150,
    allowedAttributes: {
      '*': ['style', 'align', 'valign', 'width', 'height', 'dir', 'lang', 'title', 'bgcolor', 'color'],
      a: ['href', 'rel', 'target'], img: ['alt', 'data-cid', 'data-remote', 'data-inline'], table: ['border', 'cellpadding', 'cellspacing'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'],
      font: ['face', 'size'], ol: ['start', 'type'], li: ['value'], col: ['span'],
    },
    transformTags: {
      '*': (tagName, { style, ...attributes }) => {
        const kept = style === undefined ? '' : safeStyle(style);
        return { tagName, attribs: { ...attributes, ...(kept !== '' && { style: kept }) } as Record<string, string> };
      },
      a: (tagName, { style, ...attributes }) => ({ tagName, attribs: { ...attributes, ...(style !== undefined && { style: safeStyle(style) }), rel: 'noopener noreferrer nofollow', target: '_blank' } }),
      img: (tagName, { src = '', style, ...attributes }) => {
        const { 'data-cid': _cid, 'data-remote': _remote, 'data-inline': _inline, ...rest } = attributes;
        const cid = /^cid:(.{1,500})$/i.exec(src.trim())?.[1];
        const place = cid !== undefined ? { 'data-cid': decoded(cid) } : /^https?:\/\//i.test(src.trim()) ? { 'data-remote': src.trim().slice(0, 2_000) } : {};
        const tracks = cid === undefined && isTiny({ ...rest, style });
        return { tagName, attribs: { ...rest, ...(style !== undefined && { style: safeStyle(style) }), ...(tracks ? { 'data-tracks': '1' } : place) } as Record<string, string> };
      },
    },
    exclusiveFilter: (frame) => frame.tag === 'img' && (frame.attribs['data-tracks'] !== undefined || (frame.attribs['data-cid'] === undefined && frame.attribs['data-remote'] === undefined)),
  });
}

function decoded(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    return cid;
  }
}
