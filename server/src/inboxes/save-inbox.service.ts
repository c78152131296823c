import { Injectable } from '@nestjs/common';
import { ChannelRegistry } from '../channels/contract/channel-registry.js';
import type { Channel } from '../channels/contract/channel.js';
import { Events } from '../delivery/events.js';
import type { Tx } from '../platform/database/transaction.js';
import { invalid, notFound, Problem } from '../platform/http/problem.js';
import { Log } from '../platform/logging/log.js';
import { Avatars } from '../platform/storage/avatars.js';
import type { CreateInbox, InboxSettings, UpdateInbox } from './inbox.dto.js';
import './inbox.events.js';
import { InboxSecrets } from './inbox-secrets.service.js';
import { InboxesRepository, type InboxRow } from './inboxes.repository.js';
import type { WorkingDay } from './working-hours.js';

/** Creates, changes and retires inboxes. */
@Injectable()
export class SaveInbox {
  constructor(
    private readonly inboxes: InboxesRepository, private readonly channels: ChannelRegistry, private readonly secrets: InboxSecrets, private readonly events: Events,
    private readonly avatars: Avatars, private readonly log: Log,
  ) {}

  /** Answers the id of the new inbox. */
  async create(tx: Tx, { channel: { type, ...given }, avatar: _, ...settings }: CreateInbox, avatarKey?: string): Promise<number> {
    const channel = this.channels.find(type);
    if (!channel) throw invalid('channel.type', 'is not a channel of this installation');
    const { open, secret } = split(channel, checked(channel, given));
    await this.demandPortal(tx, settings);
    const row = await this.inboxes.insert(tx, settings.name, channel.id, { ...channel.newConfig(), ...open });
    await this.inboxes.writeChannel(tx, row.id, row.channel_config, this.secrets.seal(tx.accountId, row.id, withSecrets(channel.newSecrets(), secret)));
    await this.inboxes.update(tx, row.id, withWholeWeek(settings, row.working_hours));
    if (avatarKey) await this.inboxes.writeAvatar(tx, row.id, avatarKey);
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: row.id, created: true } });
    return row.id;
  }

  async update(tx: Tx, id: number, { channel: given, avatar: _, ...settings }: UpdateInbox, avatarKey?: string): Promise<void> {
    const row = await this.inboxes.lock(tx, id);
    if (!row) throw notFound();
    await this.demandPortal(tx, settings);
    await this.inboxes.update(tx, id, withWholeWeek(settings, row.working_hours));
    if (given) {
      const channel = this.channels.get(row.channel_type);
      const { open, secret } = split(channel, checked(channel, given));
      const sealed = Object.keys(secret).length === 0 ? row.channel_secrets : this.secrets.seal(tx.accountId, id, withSecrets(this.secrets.open(row), secret));
      await this.inboxes.writeChannel(tx, id, { ...row.channel_config, ...open }, sealed);
    }
    if (avatarKey) await this.replaceAvatar(tx, row, avatarKey);
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: id } });
  }

  async removeAvatar(tx: Tx, id: number): Promise<void> {
    const row = await this.inboxes.lock(tx, id);
    if (!row) throw notFound();
    if (!row.avatar_key) return;
    await this.replaceAvatar(tx, row, null);
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: id } });
  }

  /** Makes a new signing secret, or new secrets altogether where the channel has none of that name. The old ones stop working at once. */
  async resetSecret(tx: Tx, id: number): Promise<void> {
    const row = await this.inboxes.lock(tx, id);
    if (!row) throw notFound();
    const fresh = this.channels.get(row.channel_type).newSecrets();
    // What was entered, like a mailbox's password, is not ours to replace.
    const changed = { ...this.secrets.open(row), ...('secret' in fresh ? { secret: fresh['secret']! } : fresh) };
    await this.inboxes.writeChannel(tx, id, row.channel_config, this.secrets.seal(tx.accountId, id, changed));
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: id } });
  }

  /** Nobody finds the inbox from now on; its conversations are erased in the background. */
  async remove(tx: Tx, id: number): Promise<void> {
    const row = await this.inboxes.lock(tx, id);
    if (!row || !await this.inboxes.markDeleted(tx, id)) throw notFound();
    await this.replaceAvatar(tx, row, null);
    await this.events.append(tx, { type: 'inbox.updated', payload: { inbox_id: id, deleted: true } });
  }

  private async demandPortal(tx: Tx, { portal_id: id }: InboxSettings): Promise<void> {
    if (id != null && !await this.inboxes.hasPortal(tx, id)) throw invalid('portal_id', 'Portal must exist');
  }

  private async replaceAvatar(tx: Tx, { id, avatar_key: before }: InboxRow, key: string | null): Promise<void> {
    if (before === key) return;
    await this.inboxes.writeAvatar(tx, id, key);
    tx.afterCommit(() => { this.avatars.remove(before).catch((error: unknown) => this.log.warn('an old avatar was left behind', { error })); });
  }
}

/** The given settings as the channel's schema accepts them. Keys that were not given stay out, whatever defaults the schema has. */
function checked(channel: Channel, given: Record<string, unknown>): Record<string, unknown> {
  const result = channel.configSchema.safeParse(given);
  if (!result.success) {
    const attributes = [...new Set(result.error.issues.map((issue) => issue.path.join('.') || 'channel'))];
    throw new Problem('invalid', result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join(', '), { attributes });
  }
  return Object.fromEntries(Object.entries(result.data).filter(([key]) => given[key] !== undefined));
}

/** What is stored openly, and what goes to the sealed secrets. A secret of null was not given: clients send back what they were shown. */
function split(channel: Channel, settings: Record<string, unknown>): { open: Record<string, unknown>; secret: Record<string, string> } {
  const isSecret = (key: string): boolean => channel.secretSettings?.includes(key) ?? false;
  const entries = Object.entries(settings);
  return {
    open: Object.fromEntries(entries.filter(([key]) => !isSecret(key))),
    secret: Object.fromEntries(entries.filter((entry): entry is [string, string] => isSecret(entry[0]) && typeof entry[1] === 'string')),
  };
}

/** Empty ones are removed. */
const withSecrets = (known: Record<string, string>, given: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...known, ...given }).filter(([, value]) => value !== ''));

/** Some weekdays given: the others keep their hours. */
function withWholeWeek(settings: InboxSettings, stored: WorkingDay[]): InboxSettings {
  if (!settings.working_hours) return settings;
  const given = new Map(settings.working_hours.map((day) => [day.day_of_week, day]));
  return { ...settings, working_hours: stored.map((day) => given.get(day.day_of_week) ?? day) };
}
