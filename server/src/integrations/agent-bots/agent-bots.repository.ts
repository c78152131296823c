import { Injectable } from '@nestjs/common';
import { Status } from '../../conversations/conversation-codes.js';
import { Keyring } from '../../platform/crypto/keyring.js';
import type { SealedColumn } from '../../platform/crypto/sealed-column.js';
import type { Statements, SystemTx, Tx } from '../../platform/database/transaction.js';
import type { CreateAgentBot, UpdateAgentBot } from './agent-bot.dto.js';

/** A program that answers in conversations. Without an account it serves all. */
export interface AgentBotRow {
  id: number; account_id: number | null; name: string; description: string | null; outgoing_url: string | null; avatar_key: string | null; bot_type: string; bot_config: Record<string, unknown>; access_token: string;
}

const CONTEXT = 'agent_bots:access_token';

export const BOT_TOKENS: SealedColumn = { table: 'agent_bots', column: 'access_token', row: ['id'], context: (row) => `${CONTEXT}:${row['id']}` };

/** Bots. Under an account's transaction its own and the shared ones are seen, and only its own can be changed. */
@Injectable()
export class AgentBotsRepository {
  constructor(private readonly keyring: Keyring) {}

  list(tx: Statements): Promise<AgentBotRow[]> {
    return tx.sql<AgentBotRow>('SELECT * FROM agent_bots ORDER BY id');
  }

  find(tx: Statements, id: number): Promise<AgentBotRow | undefined> {
    return tx.one<AgentBotRow>('SELECT * FROM agent_bots WHERE id = $1', [id]);
  }

  async insert(tx: Statements, accountId: number | null, bot: CreateAgentBot): Promise<number> {
    const row = await tx.one<{ id: number }>(
      `INSERT INTO agent_bots (account_id, name, description, outgoing_url, bot_config, access_token) VALUES ($1, $2, $3, $4, $5, '') RETURNING id`,
      [accountId, bot.name, bot.description || null, bot.outgoing_url || null, JSON.stringify(bot.bot_config ?? {})]);
    return row!.id;
  }

  async keepToken(tx: Statements, id: number, token: string): Promise<void> {
    await tx.sql('UPDATE agent_bots SET access_token = $2 WHERE id = $1', [id, this.keyring.seal(token, `${CONTEXT}:${id}`)]);
  }

  tokenOf(bot: AgentBotRow): string {
    return this.keyring.open(bot.access_token, `${CONTEXT}:${bot.id}`);
  }

  /** False when there is none that this transaction may change. */
  async update(tx: Statements, id: number, bot: UpdateAgentBot): Promise<boolean> {
    return (await tx.sql(
      `UPDATE agent_bots SET name = coalesce($2, name), description = CASE WHEN $3 THEN $4 ELSE description END, outgoing_url = CASE WHEN $5 THEN $6 ELSE outgoing_url END,
         bot_config = coalesce($7::jsonb, bot_config), updated_at = now() WHERE id = $1 RETURNING id`,
      [id, bot.name ?? null, bot.description !== undefined, bot.description || null, bot.outgoing_url !== undefined, bot.outgoing_url || null, bot.bot_config ? JSON.stringify(bot.bot_config) : null])).length > 0;
  }

  async setAvatar(tx: Statements, id: number, key: string | null): Promise<void> {
    await tx.sql('UPDATE agent_bots SET avatar_key = $2, updated_at = now() WHERE id = $1', [id, key]);
  }

  async remove(tx: Statements, id: number): Promise<boolean> {
    return (await tx.sql('DELETE FROM agent_bots WHERE id = $1 RETURNING id', [id])).length > 0;
  }

  /** Who hears what happens in a conversation: the bot that holds it, and that of its inbox. */
  hearing(tx: Tx, conversationId: number): Promise<AgentBotRow[]> {
    return tx.sql<AgentBotRow>(
      `SELECT b.* FROM conversations c JOIN inboxes i ON i.account_id = c.account_id AND i.id = c.inbox_id AND i.deleted_at IS NULL
       JOIN agent_bots b ON b.id = i.agent_bot_id OR (c.status = ${Status.pending} AND b.id = c.agent_bot_id) WHERE c.account_id = $1 AND c.id = $2 ORDER BY b.id`, [tx.accountId, conversationId]);
  }

  /** The bot of an inbox, or undefined. */
  ofInbox(tx: Tx, inboxId: number): Promise<AgentBotRow | undefined> {
    return tx.one<AgentBotRow>('SELECT b.* FROM inboxes i JOIN agent_bots b ON b.id = i.agent_bot_id WHERE i.account_id = $1 AND i.id = $2 AND i.deleted_at IS NULL', [tx.accountId, inboxId]);
  }

  /** Where it answers, in whatever accounts, locked in the order in which all lock several. */
  lockInboxesOf(tx: SystemTx, botId: number): Promise<{ account_id: number; id: number }[]> {
    return tx.sql('SELECT account_id, id FROM inboxes WHERE agent_bot_id = $1 AND deleted_at IS NULL ORDER BY account_id, id FOR UPDATE', [botId]);
  }

  /** Accounts in which it holds conversations. */
  async holdingIn(tx: SystemTx, botId: number): Promise<number[]> {
    return (await tx.sql<{ account_id: number }>(`SELECT DISTINCT account_id FROM conversations WHERE status = ${Status.pending} AND agent_bot_id = $1 ORDER BY account_id`, [botId])).map((row) => row.account_id);
  }

  /** The first conversations after this one that it holds in this account. */
  async held(tx: Tx, botId: number, after: number, limit: number): Promise<number[]> {
    return (await tx.sql<{ id: number }>(
      `SELECT id FROM conversations WHERE account_id = $1 AND status = ${Status.pending} AND agent_bot_id = $2 AND id > $3 ORDER BY id LIMIT $4`, [tx.accountId, botId, after, limit])).map((row) => row.id);
  }

  /** Where this account tells the bot what happens, if the bot has an address. */
  async webhookOf(tx: Tx, botId: number): Promise<{ id: number; account_id: number; secret: string } | undefined> {
    return tx.one('SELECT id, account_id, secret FROM webhooks WHERE account_id = $1 AND agent_bot_id = $2', [tx.accountId, botId]);
  }

  /** Brings the addresses of all accounts up to the bot's own. */
  async pointWebhooks(tx: Statements, botId: number, url: string): Promise<void> {
    await tx.sql('UPDATE webhooks SET url = $2, next_try_at = NULL, disabled_at = NULL, failing_since = NULL, failures = 0 WHERE agent_bot_id = $1 AND url <> $2', [botId, url]);
  }

  async dropWebhooks(tx: Statements, botId: number): Promise<void> {
    await tx.sql('DELETE FROM webhooks WHERE agent_bot_id = $1', [botId]);
  }
}
