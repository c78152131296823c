import { Injectable } from '@nestjs/common';
import { RunsJob, type Job } from '../../delivery/job.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';

const BATCH = 5_000;

/**
 * Forgets which messages came in, once their provider will no longer repeat them: after 90 days. Mail is another matter: a mailbox can be read from
 * its beginning at any time, so its receipts live as long as the messages.
 */
@Injectable()
@RunsJob({ name: 'forget-receipts', everyMs: 86_400_000 })
export class ForgetReceipts implements Job {
  constructor(private readonly system: SystemWork) {}

  async run(): Promise<void> {
    for (;;) {
      const gone = await this.system.sql(
        `DELETE FROM receipts r USING (
           SELECT old.account_id, old.inbox_id, old.external_id FROM receipts old JOIN inboxes i ON i.account_id = old.account_id AND i.id = old.inbox_id AND i.channel_type <> 'email'
           WHERE old.received_at < now() - interval '90 days' LIMIT $1) d
         WHERE r.account_id = d.account_id AND r.inbox_id = d.inbox_id AND r.external_id = d.external_id RETURNING 1 AS gone`, [BATCH]);
      if (gone.length < BATCH) return;
    }
  }
}
