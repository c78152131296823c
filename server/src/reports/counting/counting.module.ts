import { Module } from '@nestjs/common';
import { CountConversations } from './count-conversations.service.js';
import { CountHistory } from './count-history.service.js';
import { CountingRepository } from './counting.repository.js';
import { HistoryRepository } from './history.repository.js';

/** Counting, without what starts it. */
@Module({ providers: [CountingRepository, CountConversations, HistoryRepository, CountHistory], exports: [CountingRepository, CountConversations, HistoryRepository, CountHistory] })
export class CountingModule {}
