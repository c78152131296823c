import { Injectable } from '@nestjs/common';
import { Keyring } from '../platform/crypto/keyring.js';

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
