import { Injectable } from '@nestjs/common';
import { Events } from '../../delivery/events.js';
import { Jobs } from '../../delivery/job.js';
import { ApiTokens } from '../../identity/api-tokens/api-tokens.repository.js';
import { maySeeSecrets, shownSecret, type Member } from '../../identity/access/principal.js';
import { KeepAnswerers } from '../../inboxes/keep-answerers.service.js';
import { accountId } from '../../platform/database/account-id.js';
import type { SystemTx, Tx } from '../../platform/database/transaction.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { invalid, notFound } from '../../platform/http/problem.js';
import { Log } from '../../platform/logging/log.js';
import { AddressGuard, AddressRefused } from '../../platform/outbound-http/address-guard.js';
import { Avatars, type AvatarOwner, type ReceivedImage } from '../../platform/storage/avatars.js';
import { WebhooksRepository } from '../webhooks/webhooks.repository.js';
import type { CreateAgentBot, UpdateAgentBot, WireAgentBot } from './agent-bot.dto.js';
import { AgentBotsRepository, type AgentBotRow } from './agent-bots.repository.js';

/** What a bot is told of: of its inboxes only. */
export const BOT_SUBSCRIPTIONS = ['message_created', 'message_updated', 'conversation_opened', 'conversation_resolved', 'conversation_status_changed', 'conversation_updated'];

export const FETCH_BOT_FACE = 'fetch-bot-face';
/** Which face is fetched for which bot; `key` is where it will be stored. */
export interface WantedBotFace { account_id: number | null; bot_id: number; address: string; key: string }

/** Bots of all accounts keep their faces apart from everybody's. */
const ownerOf = (account: number | null): AvatarOwner => ({ accountId: account ?? 0 });

/** Makes, changes and removes bots. Their tokens are proofs, which only the system role may write. */
@Injectable()
export class KeepAgentBots {
  constructor(
    private readonly system: SystemWork, private readonly bots: AgentBotsRepository, private readonly tokens: ApiTokens, private readonly webhooks: WebhooksRepository,
    private readonly guard: AddressGuard, private readonly avatars: Avatars, private readonly jobs: Jobs, private readonly log: Log,
    private readonly answerers: KeepAnswerers, private readonly events: Events,
  ) {}

  /** For an account, or for all of them (null). Answers the id. */
  async create(tx: SystemTx, account: number | null, given: CreateAgentBot): Promise<number> {
    const bot = { ...given, outgoing_url: this.checked(given.outgoing_url) };
    const id = await this.bots.insert(tx, account, bot);
    await this.bots.keepToken(tx, id, await this.tokens.replaceOfMachine(tx, 'AgentBot', id));
    if (account !== null && bot.outgoing_url) await this.connect(this.system.within(tx, accountId(account)), id, bot.outgoing_url);
    return id;
  }

  /** Throws 404 when it is not there, or not this account's (null: any). */
  async update(tx: SystemTx, id: number, account: number | null, given: UpdateAgentBot): Promise<void> {
    await this.demand(tx, id, account);
    const changes = { ...given, outgoing_url: this.checked(given.outgoing_url) };
    await this.bots.update(tx, id, changes);
    if (changes.outgoing_url) await this.bots.pointWebhooks(tx, id, changes.outgoing_url);
    if (changes.outgoing_url === null || changes.outgoing_url === '') await this.bots.dropWebhooks(tx, id);
    if (account !== null && changes.outgoing_url) await this.connect(this.system.within(tx, accountId(account)), id, changes.outgoing_url);
  }

  async remove(tx: SystemTx, id: number, account: number | null): Promise<void> {
    const bot = await this.demand(tx, id, account);
    for (const inbox of await this.bots.lockInboxesOf(tx, id)) await this.answerers.change(this.system.within(tx, accountId(inbox.account_id)), inbox.id, bot.name, async () => ({ agent_bot_id: null }));
    await this.tokens.deleteOfMachine(tx, 'AgentBot', id);
    await this.bots.remove(tx, id);
    // Now that nobody gives it another.
    for (const held of await this.bots.holdingIn(tx, id)) await this.events.append(this.system.within(tx, accountId(held)), { type: 'bot.removed', payload: { bot_id: id, name: bot.name } });
    this.dropAfterCommit(tx, bot.avatar_key);
  }

  /** The bot answers first in the inbox from now on, instead of whichever did; undefined: none does. */
  async setOfInbox(tx: Tx, inboxId: number, bot: AgentBotRow | undefined): Promise<void> {
    const before = await this.bots.ofInbox(tx, inboxId);
    await this.answerers.change(tx, inboxId, before?.name ?? '', async () => ({ agent_bot_id: bot?.id ?? null }));
    if (bot?.outgoing_url) await this.connect(tx, bot.id, bot.outgoing_url);
  }

  /** A face, or none. Throws 404 when the bot is not there, or not this account's (null: any). */
  async setPicture(tx: SystemTx, id: number, account: number | null, key: string | null): Promise<void> {
    const bot = await this.demand(tx, id, account);
    if (bot.avatar_key === key) return;
    await this.bots.setAvatar(tx, id, key);
    this.dropAfterCommit(tx, bot.avatar_key);
  }

  /** What a body says of the face: a picture that came along, else one to be fetched after the commit. A queue that is away costs the face, and nothing else. */
  async setFace(tx: SystemTx, id: number, account: number | null, key: string | undefined, address: string | null | undefined): Promise<void> {
    if (key) return this.setPicture(tx, id, account, key);
    if (!address) return;
    const bot = await this.demand(tx, id, account);
    const wanted: WantedBotFace = { account_id: bot.account_id, bot_id: id, address, key: this.avatars.keyOf(ownerOf(bot.account_id), `bot ${id}`, address) };
    if (bot.avatar_key === wanted.key) return;
    tx.afterCommit(() => {
      this.jobs.add(FETCH_BOT_FACE, wanted, { key: wanted.key }).catch((error: unknown) => this.log.warn('a face will not be fetched', { agent_bot_id: id, error }));
    });
  }

  /** Stores a picture, if one came, before the transaction begins; what the work does not take goes again. */
  withPicture<T>(account: number | null, picture: ReceivedImage | undefined, work: (key: string | undefined) => Promise<T>, as?: string): Promise<T> {
    return this.avatars.saveFor(ownerOf(account), picture, work, as);
  }

  /** A new token; the old one stops working with the commit. */
  async resetToken(tx: SystemTx, id: number, account: number): Promise<void> {
    await this.demand(tx, id, account);
    await this.bots.keepToken(tx, id, await this.tokens.replaceOfMachine(tx, 'AgentBot', id));
  }

  /** A new secret to sign with what this account tells the bot. Throws 422 when it tells it nothing. */
  async resetSecret(tx: Tx, id: number): Promise<void> {
    const bot = await this.bots.find(tx, id);
    if (bot?.account_id !== tx.accountId) throw notFound();
    const webhook = await this.bots.webhookOf(tx, id);
    if (!webhook) throw invalid('outgoing_url', 'A bot without an outgoing url has no secret');
    await this.webhooks.resetSecret(tx, webhook.id);
  }

  /** From now on the account tells the bot what happens. */
  async connect(tx: Tx, botId: number, url: string): Promise<void> {
    await this.webhooks.insert(tx, { url, subscriptions: BOT_SUBSCRIPTIONS as never[] }, botId);
  }

  /** Its token and secret are for administrators of its own account. */
  async present(tx: Tx, bot: AgentBotRow, me: Member): Promise<WireAgentBot> {
    const isOwn = maySeeSecrets(me) && bot.account_id === tx.accountId;
    const webhook = isOwn ? await this.bots.webhookOf(tx, bot.id) : undefined;
    return {
      id: bot.id, name: bot.name, description: bot.description, thumbnail: this.avatars.url(bot.avatar_key), outgoing_url: bot.outgoing_url, bot_type: bot.bot_type, bot_config: bot.bot_config,
      account_id: bot.account_id, ...(isOwn && { access_token: shownSecret(me, this.bots.tokenOf(bot)) }), ...(webhook && { secret: shownSecret(me, this.webhooks.secretOf(webhook)) }), system_bot: bot.account_id === null,
    };
  }

  private async demand(tx: SystemTx, id: number, account: number | null): Promise<AgentBotRow> {
    const bot = await this.bots.find(tx, id);
    if (!bot || (account !== null && bot.account_id !== account)) throw notFound();
    return bot;
  }

  private dropAfterCommit(tx: SystemTx, key: string | null): void {
    if (key) tx.afterCommit(() => { this.avatars.remove(key).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error })); });
  }

  private checked<T extends string | null | undefined>(url: T): T | string {
    if (!url) return url;
    try {
      return this.guard.parse(url).toString();
    } catch (error) {
      if (error instanceof AddressRefused) throw invalid('outgoing_url', `Outgoing url is invalid. ${error.message}`);
      throw error;
    }
  }
}
