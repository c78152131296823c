import { Module } from '@nestjs/common';
import { CountConversation } from './counting/count-conversation.subscriber.js';
import { CountHistoryJob } from './counting/count-history.job.js';
import { CountingModule } from './counting/counting.module.js';

/** What happened and how long it took: counted as it happens, asked for in reports. */
@Module({ imports: [CountingModule], providers: [CountConversation, CountHistoryJob] })
export class ReportsModule {}
