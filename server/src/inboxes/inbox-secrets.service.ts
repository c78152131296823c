import { Injectable } from '@nestjs/common';
import type { ChannelInbox } from '../channels/contract/channel.js';
import { InboxSecretsPort } from '../channels/contract/ports.js';
import { accountId } from '../platform/database/account-id.js';
import { UnitOfWork } from '../platform/database/unit-of-work.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { SealedColumn } from '../platform/crypto/sealed-column.js';
import { InboxesRepository } from './inboxes.repository.js';

/** Seals and opens what a channel keeps secret. Bound to its inbox: a sealed text copied to another row does not open. */
@Injectable()
export class InboxSecrets {
  constructor(private readonly keyring: Keyring) {}

  seal(accountId: number, inboxId: number, secrets: Record<string, string>): string | null {
    if (Object.keys(secrets).length === 0) return null;
    return this.keyring.seal(JSON.stringify(secrets), contextOf(accountId, inboxId));
  }

  open(row: { account_id: number; id: number; channel_secrets: string | null }): Record<string, string> {
    if (row.channel_secrets === null) return {};
    return JSON.parse(this.keyring.open(row.channel_secrets, contextOf(row.account_id, row.id))) as Record<string, string>;
  }
}

const contextOf = (accountId: number, inboxId: number): string => `inboxes:channel_secrets:${accountId}:${inboxId}`;

export const INBOX_SECRETS: SealedColumn = { table: 'inboxes', column: 'channel_secrets', row: ['account_id', 'id'], context: (row) => contextOf(Number(row['account_id']), Number(row['id'])) };

/** Stores secrets that change by themselves. */
@Injectable()
export class ReplaceInboxSecrets extends InboxSecretsPort {
  constructor(private readonly unitOfWork: UnitOfWork, private readonly inboxes: InboxesRepository, private readonly secrets: InboxSecrets) {
    super();
  }

  async replace(inbox: Pick<ChannelInbox, 'accountId' | 'id'>, changed: Record<string, string>, config: Record<string, unknown> = {}): Promise<void> {
    await this.unitOfWork.run(accountId(inbox.accountId), async (tx) => {
      const row = await this.inboxes.lock(tx, inbox.id);
      if (row) await this.inboxes.writeChannel(tx, row.id, { ...row.channel_config, ...config }, this.secrets.seal(tx.accountId, row.id, { ...this.secrets.open(row), ...changed }));
    });
  }
}
