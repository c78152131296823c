import { Module } from '@nestjs/common';
import { IndexMessageSubscriber } from './index-message.subscriber.js';
import { MessageSearchRepository } from './message-search.repository.js';

/** Finding what was said, and who said it. */
@Module({ providers: [MessageSearchRepository, IndexMessageSubscriber] })
export class SearchModule {}
