import { Injectable } from '@nestjs/common';
import { InboxSecrets } from '../../inboxes/inbox-secrets.service.js';
import { Clock } from '../../platform/clock/clock.js';
import type { Tx } from '../../platform/database/transaction.js';
import { WebhooksRepository } from '../webhooks/webhooks.repository.js';

/** A program that took nothing for three days is left alone for so long, then asked anew. */
const DAY = 86_400_000;

interface Known { id: number; account_id: number; url: string; secret: string; disabled_at: Date | null }
interface Place { id: number; account_id: number; url: string | null; channel_secrets: string | null }

/** The webhooks that stand for the addresses of API inboxes. */
@Injectable()
export class InboxWebhooks {
  constructor(private readonly secrets: InboxSecrets, private readonly webhooks: WebhooksRepository, private readonly clock: Clock) {}

  /** The webhook of a conversation's inbox, with the inbox's address and secret of now. Undefined when there is nobody to tell. */
  async ofConversation(tx: Tx, conversationId: number): Promise<number | undefined> {
    const place = await tx.one<Place>(
      `SELECT i.id, i.account_id, i.channel_config->>'webhook_url' AS url, i.channel_secrets FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       WHERE c.account_id = $1 AND c.id = $2 AND i.channel_type = 'api' AND i.deleted_at IS NULL`, [tx.accountId, conversationId]);
    if (!place) return undefined;
    const known = await tx.one<Known>('SELECT id, account_id, url, secret, disabled_at FROM webhooks WHERE account_id = $1 AND inbox_id = $2 AND of_inbox', [tx.accountId, place.id]);
    if (!place.url) {
      // What still waits has nowhere to go.
      if (known) await tx.sql('DELETE FROM webhooks WHERE account_id = $1 AND id = $2', [tx.accountId, known.id]);
      return undefined;
    }
    const secret = this.secrets.open(place)['secret'] ?? '';
    const isSame = known?.url === place.url && this.webhooks.secretOf(known) === secret;
    if (isSame && !known.disabled_at) return known.id;
    if (isSame && known.disabled_at && this.clock.now() - known.disabled_at.getTime() < DAY) return undefined;
    return this.webhooks.keepOfInbox(tx, place.id, place.url, secret);
  }
}
