import { Module, type DynamicModule, type ModuleMetadata } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AutomationModule } from './automation/automation.module.js';
import { ContactsModule } from './contacts/contacts.module.js';
import { AttachmentsModule } from './conversations/attachments/attachments.module.js';
import { DeskModule } from './conversations/desk/desk.module.js';
import { SearchModule } from './conversations/search/search.module.js';
import { OutboundModule } from './conversations/delivery/outbound.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { CsatModule } from './csat/csat.module.js';
import { ConversationsModule } from './conversations/conversations.module.js';
import { DeliveryModule } from './delivery/delivery.module.js';
import { DemoModule } from './demo/demo.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { InboxesModule } from './inboxes/inboxes.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import { OperationsModule } from './operations/operations.module.js';
import type { Clock } from './platform/clock/clock.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { Config } from './platform/config/config.js';
import { CryptoModule } from './platform/crypto/crypto.module.js';
import { DatabaseModule } from './platform/database/database.module.js';
import { IdempotencyModule } from './platform/idempotency/idempotency.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MailerModule } from './platform/mailer/mailer.module.js';
import { SmtpModule } from './platform/smtp/smtp.module.js';
import { OutboundHttpModule } from './platform/outbound-http/outbound-http.module.js';
import { QueueModule } from './platform/queue/queue.module.js';
import { RedisModule } from './platform/redis/redis.module.js';
import { Draining } from './platform/http/draining.js';
import type { Log } from './platform/logging/log.js';
import { RemotePicturesModule } from './platform/remote-pictures/remote-pictures.module.js';
import { StorageModule } from './platform/storage/storage.module.js';
import { TelemetryModule } from './platform/telemetry/telemetry.module.js';
import { AgentBotsModule } from './integrations/agent-bots/agent-bots.module.js';
import { InboxWebhooksModule } from './integrations/inbox-webhooks/inbox-webhooks.module.js';
import { IntegrationsModule } from './integrations/apps/integrations.module.js';
import { DialogflowModule } from './integrations/dialogflow/dialogflow.module.js';
import { KnowledgeBaseModule } from './knowledge-base/knowledge-base.module.js';
import { PlatformApiModule } from './integrations/platform-api/platform-api.module.js';
import { WebhooksModule } from './integrations/webhooks/webhooks.module.js';
import { SpamModule } from './spam/spam.module.js';
import { ReportsModule } from './reports/reports.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { HealthController } from './roles/health.controller.js';
import { MetricsController } from './roles/metrics.controller.js';
import { ApiDocument, OpenApiController } from './roles/openapi.controller.js';
import { PagesController } from './roles/pages/pages.controller.js';

/** Lists the modules, nothing else. */
@Module({})
export class AppModule {
  static with(config: Config, log: Log, clock: Clock, more: NonNullable<ModuleMetadata['imports']> = []): DynamicModule {
    return {
      module: AppModule,
      imports: [
        DiscoveryModule,
        ConfigModule.with(config),
        LoggingModule.with(log, clock),
        CryptoModule,
        DatabaseModule,
        TelemetryModule,
        MailerModule, SmtpModule,
        RedisModule,
        QueueModule,
        OutboundHttpModule,
        StorageModule,
        RemotePicturesModule,
        IdempotencyModule,
        DeliveryModule,
        IdentityModule,
        RealtimeModule,
        ChannelsModule,
        InboxesModule,
        ContactsModule,
        AttachmentsModule,
        DeskModule,
        SearchModule,
        DemoModule,
        SpamModule,
        ConversationsModule,
        OutboundModule,
        WebhooksModule,
        AgentBotsModule, InboxWebhooksModule,
        IntegrationsModule,
        DialogflowModule,
        KnowledgeBaseModule,
        PlatformApiModule,
        AutomationModule,
        CsatModule,
        ReportsModule,
        NotificationsModule,
        OperationsModule,
        ...more,
      ],
      controllers: [HealthController, MetricsController, OpenApiController, PagesController],
      providers: [ApiDocument, Draining],
    };
  }
}
