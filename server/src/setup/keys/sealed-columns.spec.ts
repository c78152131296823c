import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

test('the list of what is sealed knows all that seals', () => {
  const sources = readdirSync(new URL('../..', import.meta.url), { recursive: true }).map(String).filter((name) => /\.ts$/.test(name) && !/spec\.ts$/.test(name));
  const sealing = sources.filter((name) => /keyring\.seal\(/.test(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')));
  expect(sealing.sort()).toEqual([
    'demo/fill-demo.service.ts', 'identity/mfa/mfa.service.ts', 'inboxes/inbox-secrets.service.ts', 'integrations/agent-bots/agent-bots.repository.ts', 'integrations/apps/hooks.repository.ts',
    'integrations/webhooks/webhooks.repository.ts', 'notifications/push/push-keys.repository.ts', 'platform/idempotency/idempotency-keys.repository.ts', 'setup/keys/rotate-data-keys.service.ts',
  ]); // What they seal is in keys/sealed-columns.ts. Add to both.
});
