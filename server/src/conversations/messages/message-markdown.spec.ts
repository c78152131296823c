import { describe, expect, test } from '@jest/globals';
import { previewOf, renderMarkdown, renderPlain } from './message-markdown.js';

describe('message Markdown', () => {
  test.each([
    ['hello\nworld', '<p>hello<br>\nworld</p>'], ['**bold** and *soft* and ~~gone~~ and `code`', '<p><strong>bold</strong> and <em>soft</em> and <s>gone</s> and <code>code</code></p>'],
    ['- one\n- two', '<ul>\n<li>one</li>\n<li>two</li>\n</ul>'], ['> said', '<blockquote>\n<p>said</p>\n</blockquote>'], ['```\n<b>\n```', '<pre><code>&lt;b&gt;\n</code></pre>'],
    ['# not a heading', '<p># not a heading</p>'], ['', ''],
  ])('%j', (text, html) => expect(renderMarkdown(text)).toBe(html));

  test.each([
    ['see https://example.org/a?b=1&c=2', 'https://example.org/a?b=1&amp;c=2'], ['[site](http://example.org)', 'http://example.org'], ['write help@example.org', 'mailto:help@example.org'],
    ['[call](tel:+15551234567)', 'tel:+15551234567'], ['<https://example.org>', 'https://example.org'],
  ])('links lead out without telling where from: %s', (text, href) =>
    expect(renderMarkdown(text)).toContain(`<a href="${href}" rel="noopener noreferrer nofollow" target="_blank">`));

  test.each([
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '[x](javascript:alert(1))', '[x](JaVaScRiPt:alert(1))', '[x](data:text/html,<script>alert(1)</script>)', '[x](vbscript:x)',
    '[x](  javascript:alert(1))', '[x](java\tscript:alert(1))', '[x](&#106;avascript:alert(1))', '<javascript:alert(1)>', '![x](https://example.org/x.png)', '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '[x](https://example.org "\\" onmouseover=alert(1))', '<a href="javascript:alert(1)">x</a>', '```"><img src=x onerror=alert(1)>\nx\n```', '[a]: javascript:alert(1)\n[a]', '[x](file:///etc/passwd)', '<style>*{display:none}</style>', '<svg/onload=alert(1)>',
  ])('runs nothing: %s', (text) => {
    const html = renderMarkdown(text);
    expect(html).not.toMatch(/<(script|img|svg|style|iframe|object)/i);
    expect(html).not.toMatch(/<[^>]+\son\w+=/i);
    expect(html).not.toMatch(/href="(?!https?:|mailto:|tel:)/i);
    for (const tag of html.match(/<\/?([a-z]+)/gi) ?? []) expect(tag.toLowerCase()).toMatch(/^<\/?(p|br|a|pre|code|em|strong|s|ul|ol|li|blockquote)$/);
  });

  test('a picture of the message stands where the text names it; nobody else\'s does', () => {
    const pictureOf = (name: string) => (name === 'my plan.png' ? '/files/x/my%20plan.png?a=1&b' : undefined);
    expect(renderMarkdown('see ![the "plan"](cid:my%20plan.png)', pictureOf)).toBe('<p>see <img src="/files/x/my%20plan.png?a=1&amp;b" alt="the &quot;plan&quot;" style="max-width:100%;height:auto"></p>');
    expect(renderMarkdown('![gone](cid:other.png) ![](cid:%E0%A4%A)', pictureOf)).toBe('<p>gone </p>');
    expect(renderMarkdown('[x](cid:my%20plan.png)', pictureOf)).toBe('<p><a rel="noopener noreferrer nofollow" target="_blank">x</a></p>');
  });

  test.each(['*', '**a**', '_a_', '[', '![', '[a](', '<', '`', '```\n', '> ', '- a\n', '\n', '//a.b/', 'http://a/(', 'http://', 'a@b.', '&', 'http://a/....', ' ', '[@a](mention://user/1/'])('no text takes long, nor is more marked up than somebody writes by hand: %j', (piece) => {
    for (const length of [10_000, 150_000]) {
      const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
      const began = performance.now();
      const html = renderMarkdown(text);
      previewOf(text);
      expect(performance.now() - began).toBeLessThan(1_000);
      if (length > 10_000) expect(html).not.toMatch(/<(?!\/?(p|a|br)\b)/);
    }
  });

  test('plain lines stay plain', () => expect(renderPlain('*a* <b>\nc')).toBe('<p>*a* &lt;b&gt;<br>\nc</p>'));

  test('previews are one short line without markup', () => {
    expect(previewOf('**Hi**\n\n> there [you](https://example.org)')).toBe('Hi there you');
    expect(previewOf('x'.repeat(300))).toBe(`${'x'.repeat(119)}…`);
    expect([...previewOf('😀'.repeat(300))!]).toHaveLength(120);
    expect(previewOf('Here: ![plan](cid:plan.png)')).toBe('Here:');
    expect(previewOf('_Ask_ __john_doe@example.org__ about `first_name`: 2 * 3 > 5, ~7')).toBe('Ask john_doe@example.org about first_name: 2 * 3 > 5, ~7');
    expect(previewOf(' \n ')).toBeNull();
  });
});
