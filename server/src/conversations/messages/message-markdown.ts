import MarkdownIt from 'markdown-it';
import { MAX_MARKED_UP } from '../../channels/contract/message-text.js';

const ALLOWED = /^(https?|mailto|tel):/i;

// Paragraphs, line breaks, emphasis, code, lists, quotes, links and pictures that came with the message. No HTML, headings or tables: a chat message is not a page.
const markdown = new MarkdownIt('zero', { html: false, linkify: true, breaks: true, typographer: false })
  .enable(['paragraph', 'newline', 'escape', 'emphasis', 'strikethrough', 'backticks', 'fence', 'list', 'blockquote', 'link', 'image', 'autolink', 'linkify', 'balance_pairs', 'fragments_join']);
/** A picture of the message itself, by the name of its file: `![](cid:plan.png)`. */
const PICTURE = /^cid:/i;
markdown.validateLink = (url) => ALLOWED.test(url.trim()) || PICTURE.test(url.trim());
markdown.renderer.rules['image'] = (tokens, index, _options, env: { pictureOf?: PictureOf }) => {
  const escaped = markdown.utils.escapeHtml;
  const { content: alt } = tokens[index]!;
  const source = String(tokens[index]!.attrGet('src'));
  const picture = PICTURE.test(source) ? env.pictureOf?.(decoded(source.slice(4))) : undefined;
  if (picture !== undefined) return `<img src="${escaped(picture)}" alt="${escaped(alt)}" style="max-width:100%;height:auto">`;
  // Other people's pictures would tell them who reads: they stay links.
  return PICTURE.test(source) ? escaped(alt) : `!<a href="${escaped(source)}" rel="noopener noreferrer nofollow" target="_blank">${escaped(alt || source)}</a>`;
};
markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]!.attrs = tokens[index]!.attrs!.filter(([name, value]) => name !== 'href' || !PICTURE.test(value));
  tokens[index]!.attrSet('rel', 'noopener noreferrer nofollow');
  tokens[index]!.attrSet('target', '_blank');
  return self.renderToken(tokens, index, options);
};

/** Where a file of the message is, by its name; undefined when the message has none of that name. */
export type PictureOf = (fileName: string) => string | undefined;

/** The message's text as HTML that is safe to insert into a page. */
export function renderMarkdown(content: string | null, pictureOf?: PictureOf): string {
  if (!content) return '';
  if (content.length > MAX_MARKED_UP) return renderLong(content);
  return markdown.set({ linkify: hasPlainAddresses(content) }).render(content, { pictureOf }).trimEnd();
}

const MOST_TRIES = 1_000_000;
/** Whether addresses may be looked for in the text: in long runs without a space it takes as often as it may begin, times how far it may go. */
function hasPlainAddresses(content: string): boolean {
  return !content.split(/\s+/).some((run) => run.length * (run.match(/\/\/|[@([{]/g)?.length ?? 0) > MOST_TRIES);
}

const ADDRESS = /https?:\/\/[^\s<>"']{1,2000}/gi;
/** A long text as it was written, with its addresses as links. */
function renderLong(content: string): string {
  const { escapeHtml: escaped } = markdown.utils;
  let html = '';
  let from = 0;
  for (const { 0: found, index } of content.matchAll(ADDRESS)) {
    let end = found.length;
    while ('.,;:!?)]'.includes(found[end - 1]!)) end -= 1;
    const address = escaped(found.slice(0, end));
    html += `${escaped(content.slice(from, index))}<a href="${address}" rel="noopener noreferrer nofollow" target="_blank">${address}</a>`;
    from = index + end;
  }
  return `<p>${(html + escaped(content.slice(from))).replace(/\n/g, '<br>\n')}</p>`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The text shown as it is, for lines that are nobody's Markdown. */
export function renderPlain(content: string | null): string {
  return content ? `<p>${markdown.utils.escapeHtml(content).replace(/\n/g, '<br>\n')}</p>` : '';
}

// What stands at the edge of a word, or before a line, is markup. Within words (`first_name`) and between numbers (`2 * 3`, `5 > 4`) it is what somebody wrote.
const MARKS = /^[ \t]*(?:>[ \t]*)+|`+|~~+|\*+(?=\S)|(?<=\S)\*+|(?<![\p{L}\p{N}_])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}_])/gmu;

/** A preview needs no more of the text. */
const READ_FOR_PREVIEW = 2_000;
/** The beginning of a message in one line without markup, for lists. */
export function previewOf(content: string | null, max = 120): string | null {
  const plain = content?.trimStart().slice(0, READ_FOR_PREVIEW).toWellFormed().replace(/```\w*/g, ' ').replace(MARKS, '').replace(/!\[[^\]]*\]\(cid:[^)]*\)/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\s+/g, ' ').trim();
  if (!plain) return null;
  const characters = [...plain];
  return characters.length <= max ? plain : `${characters.slice(0, max - 1).join('').trimEnd()}…`;
}
