import { Module } from '@nestjs/common';
import { WebhooksModule } from '../webhooks/webhooks.module.js';
import { AgentBotsController } from './agent-bots.controller.js';
import { AgentBotsRepository } from './agent-bots.repository.js';
import { FetchBotFace } from './fetch-bot-face.job.js';
import { KeepAgentBots } from './keep-agent-bots.service.js';
import { QueueBotWebhooks } from './queue-bot-webhooks.subscriber.js';
import { ReleaseFromBot } from './release-from-bot.subscriber.js';

/** Programs that answer in conversations. */
@Module({
  imports: [WebhooksModule], controllers: [AgentBotsController], providers: [AgentBotsRepository, KeepAgentBots, FetchBotFace, QueueBotWebhooks, ReleaseFromBot], exports: [AgentBotsRepository, KeepAgentBots],
})
export class AgentBotsModule {}
