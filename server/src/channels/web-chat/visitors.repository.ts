import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';

/** The identity behind a visitor's token, with its contact. */
export interface VisitorIdentity {
  id: number; contact_id: number; source_id: string; pubsub_token: string; hmac_verified: boolean;
  name: string; email: string | null; phone_number: string | null; identifier: string | null; blocked: boolean; custom_attributes: Record<string, unknown> | null;
  /** What is known of the contact came from this visitor, or from somebody who proved to be them. */
  speaks_for_contact: boolean;
}

const ONE_MINUTE = `interval '1 minute'`;

/** What the chat's own doors read and note. */
@Injectable()
export class VisitorsRepository {
  /**
   * Undefined until the visitor has written. Somebody who merely claims an address that a contact already has becomes an identity of that contact; only an
   * identity as old as its contact, or a proven one, may see what is known of it.
   */
  identity(tx: Tx, inboxId: number, sourceId: string): Promise<VisitorIdentity | undefined> {
    return tx.one<VisitorIdentity>(
      `SELECT ci.id, ci.contact_id, ci.source_id, ci.pubsub_token, ci.hmac_verified, c.name, c.email, c.phone_number, c.identifier, c.blocked, c.custom_attributes,
         ci.hmac_verified OR ci.created_at = c.created_at AS speaks_for_contact
       FROM contact_inboxes ci JOIN contacts c ON c.account_id = ci.account_id AND c.id = ci.contact_id
       WHERE ci.account_id = $1 AND ci.inbox_id = $2 AND ci.source_id = $3`, [tx.accountId, inboxId, sourceId]);
  }

  /** Notes that a page of a website shows the chat, at most once a minute. True the first time ever. */
  async noteSighting(tx: Tx, inboxId: number, url: string): Promise<{ first: boolean } | undefined> {
    return tx.one<{ first: boolean }>(
      `UPDATE inboxes i SET widget_last_seen_at = now(), widget_last_seen_url = $3
       FROM (SELECT widget_last_seen_at FROM inboxes WHERE account_id = $1 AND id = $2) before
       WHERE i.account_id = $1 AND i.id = $2 AND (i.widget_last_seen_at IS NULL OR i.widget_last_seen_at < now() - ${ONE_MINUTE})
       RETURNING before.widget_last_seen_at IS NULL AS first`, [tx.accountId, inboxId, url]);
  }
}
