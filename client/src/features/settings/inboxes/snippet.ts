/** The line that puts an inbox's chat on a page. It loads by itself after the page and stays small until someone opens it. */
export function widgetSnippet(origin: string, websiteToken: string, color?: string | null): string {
  const tint = color ? ` data-color="${color}"` : '';
  return `<script src="${origin}/widget.js" data-website-token="${websiteToken}"${tint} async></${'script'}>`;
}

/** Server-side sample: tells the chat who is signed in on the site, in a way a visitor cannot forge. */
export function identitySample(language: 'node' | 'php' | 'python'): string {
  const samples = {
    node: `import { createHmac } from 'node:crypto';

const identifierHash = createHmac('sha256', process.env.PORCHLIGHT_HMAC_KEY)
  .update(user.id)
  .digest('hex');`,
    php: `$identifierHash = hash_hmac('sha256', $user->id, getenv('PORCHLIGHT_HMAC_KEY'));`,
    python: `import hashlib, hmac, os

identifier_hash = hmac.new(
    os.environ['PORCHLIGHT_HMAC_KEY'].encode(), user.id.encode(), hashlib.sha256
).hexdigest()`,
  };
  return samples[language];
}

/** Page-side sample that goes with it; works before and after the chat has loaded. */
export const identityCall = `window.$porchlight = window.$porchlight || [];
window.$porchlight.push(['setUser', 'USER_ID', {
  name: 'NAME',
  email: 'EMAIL',
  identifier_hash: 'IDENTIFIER_HASH',
}]);`;

/** How a program checks that a webhook call comes from Porchlight. */
export const webhookCheck = `import { createHmac, timingSafeEqual } from 'node:crypto';

// body: the raw bytes of the request, before any JSON parsing
function isFromPorchlight(headers, body, secret) {
  const timestamp = headers['x-chatwoot-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false;
  const expected = 'sha256=' + createHmac('sha256', secret)
    .update(timestamp + '.').update(body).digest('hex');
  const given = headers['x-chatwoot-signature'] ?? '';
  return given.length === expected.length
    && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}`;
