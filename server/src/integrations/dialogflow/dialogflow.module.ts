import { Module } from '@nestjs/common';
import { IntegrationsModule } from '../apps/integrations.module.js';
import { AnswerByDialogflow } from './answer-by-dialogflow.subscriber.js';
import { DialogflowClient } from './dialogflow.client.js';
import { DialogflowRepository } from './dialogflow.repository.js';

/** Google's bots answer in conversations. */
@Module({ imports: [IntegrationsModule], providers: [DialogflowClient, DialogflowRepository, AnswerByDialogflow] })
export class DialogflowModule {}
