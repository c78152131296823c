import { Injectable } from '@nestjs/common';
import { InboxSecrets } from '../../inboxes/inbox-secrets.service.js';
import type { Tx } from '../../platform/database/transaction.js';
import { WebhooksRepository } from '../webhooks/webhooks.repository.js';

interface Place { id: number; account_id: number; url: string | null; channel_secrets: string | null }

/** The webhooks that stand for the addresses of API inboxes. */
@Injectable()
export class InboxWebhooks {
  constructor(private readonly secrets: InboxSecrets, private readonly webhooks: WebhooksRepository) {}

  /** The webhook of a conversation's inbox, with the inbox's address and secret of now. Undefined when the inbox has no address. */
  async ofConversation(tx: Tx, conversationId: number): Promise<number | undefined> {
    const place = await tx.one<Place>(
      `SELECT i.id, i.account_id, i.channel_config->>'webhook_url' AS url, i.channel_secrets FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id
       WHERE c.account_id = $1 AND c.id = $2 AND i.channel_type = 'api' AND i.deleted_at IS NULL`, [tx.accountId, conversationId]);
    if (!place) return undefined;
    const known = await tx.one<{ id: number; account_id: number; url: string; secret: string }>('SELECT id, account_id, url, secret FROM webhooks WHERE account_id = $1 AND inbox_id = $2 AND of_inbox', [tx.accountId, place.id]);
    if (!place.url) {
      // What still waits has nowhere to go.
      if (known) await tx.sql('DELETE FROM webhooks WHERE account_id = $1 AND id = $2', [tx.accountId, known.id]);
      return undefined;
    }
    const secret = this.secrets.open(place)['secret'] ?? '';
    if (known?.url === place.url && this.webhooks.secretOf(known) === secret) return known.id;
    return this.webhooks.keepOfInbox(tx, place.id, place.url, secret);
  }
}
