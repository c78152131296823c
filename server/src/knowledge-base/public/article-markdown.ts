import MarkdownIt from 'markdown-it';

/** Mail, telephone and web addresses, and places of this page and this site. */
const ALLOWED = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i;
const OWN_PICTURE = /^\/(?!\/)/;

const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });
markdown.validateLink = (url) => ALLOWED.test(url.trim());
// The page has its own first heading.
for (const rule of ['heading_open', 'heading_close'] as const) {
  markdown.renderer.rules[rule] = (tokens, index, options, _env, self) => {
    tokens[index]!.tag = `h${Math.min(6, Number(tokens[index]!.tag.slice(1)) + 1)}`;
    return self.renderToken(tokens, index, options);
  };
}
markdown.renderer.rules['link_open'] = (tokens, index, options, _env, self) => {
  if (/^https?:/i.test(String(tokens[index]!.attrGet('href')))) tokens[index]!.attrSet('rel', 'noopener noreferrer');
  return self.renderToken(tokens, index, options);
};
markdown.renderer.rules['image'] = (tokens, index) => {
  const { content: alt } = tokens[index]!;
  const [source, shown] = [String(tokens[index]!.attrGet('src')), markdown.utils.escapeHtml(alt)];
  // Pictures of others would tell them who reads: they stay links.
  if (OWN_PICTURE.test(source)) return `<img src="${markdown.utils.escapeHtml(source)}" alt="${shown}" loading="lazy">`;
  return `<a href="${markdown.utils.escapeHtml(source)}" rel="noopener noreferrer">${shown || markdown.utils.escapeHtml(source)}</a>`;
};
// Wide tables scroll by themselves, by keyboard too.
markdown.renderer.rules['table_open'] = () => '<div class="wide" tabindex="0"><table>';
markdown.renderer.rules['table_close'] = () => '</table></div>';

// So does program text, which is written from left to right everywhere.
markdown.renderer.rules['fence'] = markdown.renderer.rules['code_block'] = (tokens, index) => `<pre tabindex="0" dir="ltr"><code>${markdown.utils.escapeHtml(tokens[index]!.content)}</code></pre>\n`;

/** An article as HTML that is safe on a page of ours. */
export const renderArticle = (content: string | null): string => markdown.render(content ?? '');
