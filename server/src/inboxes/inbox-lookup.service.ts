import { Injectable } from '@nestjs/common';
import { accountId, type AccountId } from '../platform/database/account-id.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { InboxSecrets } from './inbox-secrets.service.js';
import { WHOLE_INBOX, type InboxRow } from './inboxes.repository.js';

/** An inbox found through its public token. */
export interface FoundInbox { accountId: AccountId; inbox: InboxRow }

/** For doors without a signed-in person: the token in the request names the inbox, and the inbox names the account. */
@Injectable()
export class InboxLookup {
  constructor(private readonly system: SystemWork, private readonly secrets: InboxSecrets) {}

  /** The inbox with this website token or inbox identifier, of that kind of channel, in an account that is active. */
  async byPublicToken(token: string, channelType: string): Promise<FoundInbox | undefined> {
    if (token.length === 0 || token.length > 200 || token.includes('\u0000')) return undefined;
    const [row] = await this.system.sql<InboxRow>(
      `SELECT ${WHOLE_INBOX} FROM inboxes i JOIN accounts a ON a.id = i.account_id AND a.status = 0
       WHERE i.public_token = $1 AND i.channel_type = $2 AND i.deleted_at IS NULL`, [token, channelType]);
    return row && { accountId: accountId(row.account_id), inbox: row };
  }

  /** The inbox with this id, in an account that is active. For jobs, which know the account. */
  async byId(account: AccountId, id: number): Promise<InboxRow | undefined> {
    const [row] = await this.system.sql<InboxRow>(
      `SELECT i.* FROM inboxes i JOIN accounts a ON a.id = i.account_id AND a.status = 0 WHERE i.account_id = $1 AND i.id = $2 AND i.deleted_at IS NULL`, [account, id]);
    return row;
  }

  /** What the channel keeps secret about it, opened. */
  secretsOf(inbox: InboxRow): Record<string, string> {
    return this.secrets.open(inbox);
  }
}
