import MarkdownIt from 'markdown-it';

const ALLOWED = /^(https?|mailto|tel):/i;

// Paragraphs, line breaks, emphasis, code, lists, quotes and links. No HTML, images, headings or tables: a chat message is not a page.
const markdown = new MarkdownIt('zero', { html: false, linkify: true, breaks: true, typographer: false })
  .enable(['paragraph', 'newline', 'escape', 'emphasis', 'strikethrough', 'backticks', 'fence', 'list', 'blockquote', 'link', 'autolink', 'linkify', 'balance_pairs', 'fragments_join']);
markdown.validateLink = (url) => ALLOWED.test(url.trim());
markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  tokens[index]!.attrSet('rel', 'noopener noreferrer nofollow');
  tokens[index]!.attrSet('target', '_blank');
  return self.renderToken(tokens, index, options);
};

/** The message's text as HTML that is safe to insert into a page. */
export function renderMarkdown(content: string | null): string {
  return content ? markdown.render(content).trimEnd() : '';
}

/** The text shown as it is, for lines that are nobody's Markdown. */
export function renderPlain(content: string | null): string {
  return content ? `<p>${markdown.utils.escapeHtml(content).replace(/\n/g, '<br>\n')}</p>` : '';
}

/** The beginning of a message in one line without markup, for lists. */
export function previewOf(content: string | null, max = 120): string | null {
  const plain = content?.replace(/```\w*/g, ' ').replace(/[*_~`>]+/g, '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/\s+/g, ' ').trim();
  if (!plain) return null;
  const characters = [...plain];
  return characters.length <= max ? plain : `${characters.slice(0, max - 1).join('').trimEnd()}…`;
}
