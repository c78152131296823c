import { Injectable } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import type { Tx } from '../../platform/database/transaction.js';
import type { CreateWebhook, PassingEvent, UpdateWebhook, WebhookEvent } from './webhook.dto.js';

/** An address that is told what happens. */
export interface WebhookRow {
  account_id: number; id: number; inbox_id: number | null; agent_bot_id: number | null; of_inbox: boolean; created_at: Date; disabled_at: Date | null; claimed_at: Date | null; next_try_at: Date | null;
  failing_since: Date | null; last_success_at: Date | null; last_failure_at: Date | null; failures: number; name: string | null; url: string; subscriptions: string[]; secret: string; last_error: string | null;
}
/** The same with what is shown beside it. */
export interface ListedWebhook extends WebhookRow { inbox_name: string | null; waiting: number }

const LISTED = `SELECT w.*, i.name AS inbox_name,
  (SELECT count(*)::int FROM webhook_deliveries d WHERE d.account_id = w.account_id AND d.webhook_id = w.id AND d.state = 0) AS waiting
  FROM webhooks w LEFT JOIN inboxes i ON i.account_id = w.account_id AND i.id = w.inbox_id WHERE w.account_id = $1 AND w.agent_bot_id IS NULL AND NOT w.of_inbox`;

/** The webhooks of an account. Those of bots and of API inboxes are theirs, and not listed. */
@Injectable()
export class WebhooksRepository {
  constructor(private readonly keyring: Keyring) {}

  list(tx: Tx): Promise<ListedWebhook[]> {
    return tx.sql<ListedWebhook>(`${LISTED} ORDER BY w.id`, [tx.accountId]);
  }

  find(tx: Tx, id: number): Promise<ListedWebhook | undefined> {
    return tx.one<ListedWebhook>(`${LISTED} AND w.id = $2`, [tx.accountId, id]);
  }

  lock(tx: Tx, id: number): Promise<WebhookRow | undefined> {
    return tx.one<WebhookRow>('SELECT * FROM webhooks WHERE account_id = $1 AND id = $2 FOR NO KEY UPDATE', [tx.accountId, id]);
  }

  /** Those that want this event, of this inbox or of all. */
  async wanting(tx: Tx, event: WebhookEvent, inboxId: number | null): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `SELECT id FROM webhooks WHERE account_id = $1 AND agent_bot_id IS NULL AND NOT of_inbox AND disabled_at IS NULL AND $2 = ANY (subscriptions) AND (inbox_id IS NULL OR inbox_id = $3)`, [tx.accountId, event, inboxId])).map((row) => row.id);
  }

  /** Those that hear at once what passes: whoever asked for it, the program behind an API inbox, and of opened chats the bot of the inbox. Who does not answer just now is not asked. */
  wantingInPassing(tx: Tx, event: PassingEvent, inboxId: number, now: Date): Promise<WebhookRow[]> {
    return tx.sql<WebhookRow>(
      `SELECT w.* FROM webhooks w WHERE w.account_id = $1 AND w.disabled_at IS NULL AND (w.next_try_at IS NULL OR w.next_try_at <= $4) AND CASE
         WHEN w.of_inbox THEN w.inbox_id = $3
         WHEN w.agent_bot_id IS NOT NULL THEN $2 = 'webwidget_triggered' AND w.agent_bot_id = (SELECT i.agent_bot_id FROM inboxes i WHERE i.account_id = $1 AND i.id = $3)
         ELSE $2 = ANY (w.subscriptions) AND (w.inbox_id IS NULL OR w.inbox_id = $3) END`, [tx.accountId, event, inboxId, now]);
  }

  /** Whether anybody is told anything: most accounts have no webhook. */
  async any(tx: Tx, events: readonly WebhookEvent[]): Promise<boolean> {
    return (await tx.sql('SELECT FROM webhooks WHERE account_id = $1 AND agent_bot_id IS NULL AND NOT of_inbox AND disabled_at IS NULL AND subscriptions && $2::text[] LIMIT 1', [tx.accountId, events])).length > 0;
  }

  /** Undefined when the account has a webhook of this address. */
  async insert(tx: Tx, webhook: CreateWebhook & { subscriptions: string[] }, agentBotId: number | null = null): Promise<number | undefined> {
    return (await tx.one<{ id: number }>(
      'INSERT INTO webhooks (account_id, url, name, subscriptions, inbox_id, agent_bot_id, secret) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id',
      [tx.accountId, webhook.url, webhook.name || null, webhook.subscriptions, webhook.inbox_id ?? null, agentBotId, this.newSecret(tx)]))?.id;
  }

  /** The webhook of an API inbox, at this address and with the inbox's secret; it starts with a clean record. */
  async keepOfInbox(tx: Tx, inboxId: number, url: string, secret: string): Promise<number> {
    return (await tx.one<{ id: number }>(
      `INSERT INTO webhooks (account_id, url, subscriptions, inbox_id, of_inbox, secret) VALUES ($1, $2, '{}', $3, true, $4)
       ON CONFLICT (account_id, inbox_id) WHERE of_inbox DO UPDATE SET url = $2, secret = $4, updated_at = now(), disabled_at = NULL, failing_since = NULL, failures = 0, next_try_at = NULL RETURNING id`,
      [tx.accountId, url, inboxId, this.keyring.seal(secret, contextOf(tx.accountId))]))!.id;
  }

  async isUrlTaken(tx: Tx, url: string, exceptId: number): Promise<boolean> {
    return (await tx.sql('SELECT FROM webhooks WHERE account_id = $1 AND url = $2 AND agent_bot_id IS NULL AND NOT of_inbox AND id <> $3', [tx.accountId, url, exceptId])).length > 0;
  }

  /** A changed address starts with a clean record. */
  async update(tx: Tx, id: number, webhook: UpdateWebhook): Promise<void> {
    await tx.sql(
      `UPDATE webhooks SET url = coalesce($3, url), name = CASE WHEN $4 THEN $5 ELSE name END, subscriptions = coalesce($6, subscriptions), updated_at = now(),
         next_try_at = CASE WHEN $3 IS DISTINCT FROM url AND $3 IS NOT NULL THEN NULL ELSE next_try_at END WHERE account_id = $1 AND id = $2`,
      [tx.accountId, id, webhook.url ?? null, webhook.name !== undefined, webhook.name || null, webhook.subscriptions ?? null]);
  }

  /** False when there is none. */
  async remove(tx: Tx, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM webhooks WHERE account_id = $1 AND id = $2 AND agent_bot_id IS NULL AND NOT of_inbox RETURNING id', [tx.accountId, id])).length > 0;
  }

  /** Lets it be told again, at once. */
  async enable(tx: Tx, id: number): Promise<void> {
    await tx.sql('UPDATE webhooks SET disabled_at = NULL, failing_since = NULL, failures = 0, next_try_at = NULL, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, id]);
  }

  async resetSecret(tx: Tx, id: number): Promise<void> {
    await tx.sql('UPDATE webhooks SET secret = $3, updated_at = now() WHERE account_id = $1 AND id = $2', [tx.accountId, id, this.newSecret(tx)]);
  }

  secretOf(row: Pick<WebhookRow, 'account_id' | 'secret'>): string {
    return this.keyring.open(row.secret, contextOf(row.account_id));
  }

  private newSecret(tx: Tx): string {
    return this.keyring.seal(`whsec_${randomBytes(32).toString('base64')}`, contextOf(tx.accountId));
  }
}

const contextOf = (accountId: number): string => `webhooks:secret:${accountId}`;

export const WEBHOOK_SECRETS: SealedColumn = { table: 'webhooks', column: 'secret', row: ['account_id', 'id'], context: (row) => contextOf(Number(row['account_id'])) };
