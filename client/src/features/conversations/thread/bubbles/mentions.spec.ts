import { expect, it } from '@jest/globals';
import { markMentions } from './mentions';

it('shows mentions by name and leaves all else', () => {
  expect(markMentions('<p>Ask [@Ana Mar\u00eda](mention://user/4/Ana%20Mar) and [this](https://a.org)</p>')).toBe('<p>Ask <span class="mention">@Ana Mar\u00eda</span> and [this](https://a.org)</p>');
});

it('lets no tag in', () => {
  const hostile = '[@<img src=x onerror=alert(1)>](mention://user/1/x)';
  expect(markMentions(hostile)).toBe(hostile);
  expect(markMentions('[@&lt;img&gt;](mention://user/1/x)')).toBe('<span class="mention">@&lt;img&gt;</span>');
});
