import { Injectable } from '@nestjs/common';
import type { InboundMessage } from '../../channels/contract/inbound-event.js';
import { ContactWritesPort, type IngestedMessage } from '../../channels/contract/ports.js';
import { notFound } from '../../platform/http/problem.js';
import { IngestMessage } from '../ingest/ingest.service.js';
import { VisitorThreads } from './visitor-thread.service.js';

/** What contacts write where they see it at once: read in the transaction that stores it, since a second one would cost as much again. */
@Injectable()
export class WriteAsContact extends ContactWritesPort {
  constructor(private readonly ingestion: IngestMessage, private readonly threads: VisitorThreads) {
    super();
  }

  async write(inbox: { accountId: number; id: number }, message: InboundMessage): Promise<IngestedMessage & { message: Record<string, unknown> }> {
    let shown: Record<string, unknown> | undefined;
    const stored = await this.ingestion.ingest(inbox, {
      ...message,
      alsoStore: async (tx, made) => {
        await message.alsoStore?.(tx, made);
        shown = await this.threads.showIn(tx, { ...made, displayId: made.conversationDisplayId });
      },
    });
    // What came a second time was stored by another transaction.
    if (stored.duplicate) shown = await this.threads.message(inbox.accountId, stored.conversationId, stored.messageId);
    if (!shown) throw notFound();
    return { ...stored, message: shown };
  }
}
