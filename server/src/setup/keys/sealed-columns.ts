import { TOTP_SECRETS } from '../../identity/mfa/second-factor.service.js';
import { INBOX_SECRETS } from '../../inboxes/inbox-secrets.service.js';
import { BOT_TOKENS } from '../../integrations/agent-bots/agent-bots.repository.js';
import { HOOK_SECRETS } from '../../integrations/apps/hooks.repository.js';
import { WEBHOOK_SECRETS } from '../../integrations/webhooks/webhooks.repository.js';
import { PUSH_KEYS } from '../../notifications/push/push-keys.repository.js';
import { KEY_PROOF } from '../../platform/crypto/installation-keys.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import { KEPT_ANSWERS } from '../../platform/idempotency/idempotency-keys.repository.js';

/** Everything that is sealed in the database. What is not named here is lost when its key leaves the ring: a test looks for such columns. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [...TOTP_SECRETS, INBOX_SECRETS, WEBHOOK_SECRETS, BOT_TOKENS, HOOK_SECRETS, KEPT_ANSWERS, PUSH_KEYS, KEY_PROOF];
