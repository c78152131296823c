import { Module } from '@nestjs/common';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { InboxWebhooks } from './inbox-webhooks.repository.js';
import { QueueInboxWebhooks } from './queue-inbox-webhooks.subscriber.js';

/** Telling the program behind an API inbox what happens there. */
@Module({ imports: [WebhooksModule], providers: [InboxWebhooks, QueueInboxWebhooks] })
export class InboxWebhooksModule {}
