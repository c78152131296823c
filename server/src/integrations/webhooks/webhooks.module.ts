import { Module } from '@nestjs/common';
import { DeliverWebhook } from './deliver-webhook.service.js';
import { DrainWebhook, ForgetWebhookDeliveries, SweepWebhooks } from './drain-webhook.job.js';
import { QueueWebhooks } from './queue-webhooks.subscriber.js';
import { TellInPassing } from './tell-in-passing.service.js';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.js';
import { WebhookDeliveries } from './webhook-deliveries.repository.js';
import { WebhookPayloads } from './webhook-payloads.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { WebhooksRepository } from './webhooks.repository.js';

/** Telling other programs what happens. */
@Module({
  controllers: [WebhooksController, WebhookDeliveriesController],
  providers: [WebhooksRepository, WebhookDeliveries, WebhookPayloads, QueueWebhooks, TellInPassing, DeliverWebhook, DrainWebhook, SweepWebhooks, ForgetWebhookDeliveries],
  exports: [WebhooksRepository, WebhookDeliveries, WebhookPayloads],
})
export class WebhooksModule {}
