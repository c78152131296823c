import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/transaction.js';
import { providerOfDomain } from '../setup/mail-providers.js';

/** A domain counts as a spammer's when so many of its conversations were called spam and none wanted. */
const OF_A_DOMAIN = 3;

/** What people of the account taught us about senders. Every verdict names the address or domain that it rests on. */
@Injectable()
export class ReputationsRepository {
  /** Takes in what somebody said about a conversation of this sender; what was said of it before is taken back. */
  async learn(tx: Tx, address: string, said: 'spam' | 'wanted', takesBack: boolean): Promise<void> {
    const other = said === 'spam' ? 'wanted' : 'spam';
    await tx.sql(
      `INSERT INTO mail_reputations AS r (account_id, pattern, ${said}) SELECT $1, p, 1 FROM unnest($2::text[]) p ORDER BY p
       ON CONFLICT (account_id, pattern) DO UPDATE SET ${said} = r.${said} + 1, ${other} = CASE WHEN $3 THEN greatest(r.${other} - 1, 0) ELSE r.${other} END, updated_at = now()`,
      [tx.accountId, patternsOf(address), takesBack]);
  }

  /** The address or domain because of which its mail is taken for spam. */
  async suspect(tx: Tx, address: string): Promise<string | undefined> {
    const [row] = await tx.prepared<{ pattern: string }>(
      `SELECT pattern FROM mail_reputations WHERE account_id = $1 AND pattern = ANY ($2) AND spam > wanted AND (position('@' IN pattern) > 0 OR (spam >= ${OF_A_DOMAIN} AND wanted = 0))
       ORDER BY position('@' IN pattern) DESC LIMIT 1`, [tx.accountId, patternsOf(address)]);
    return row?.pattern;
  }
}

/** The address, and its domain unless everybody may have an address there. */
function patternsOf(address: string): string[] {
  const known = address.toLowerCase();
  const domain = known.split('@')[1];
  return domain && !providerOfDomain(domain) ? [known, domain] : [known];
}
